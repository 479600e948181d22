// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RX;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orcrt.api.ExecutorAddress;

/// After every single system call of a history, and so also between filling pages and making them executable, the
/// kernel knows no page in a slab that may be both written and executed.
@Tag("M14")
class WriteExecuteTest {

    private static final int STEPS = 300;

    private final List<String> found = new ArrayList<>();
    private int looks;

    private void watch(MapFixture fixture) {
        fixture.calls.afterEach(() -> {
            looks++;
            found.addAll(Maps.writableAndExecutable(fixture.calls.mapped()));
        });
    }

    @ParameterizedTest
    @CsvSource({"false, REUSE", "true, REUSE", "false, RETIRE", "true, RETIRE"})
    void no_page_is_writable_and_executable_at_any_time(boolean shared, ReusePolicy reuse) {
        MemoryMapOptions options = OPTIONS.withReuse(reuse);
        MapFixture fixture = shared ? MapFixture.shared(options) : new MapFixture(options);
        watch(fixture);
        new RandomHistory(fixture, new MapModel(reuse), 14).run(STEPS, what -> {});
        assertThat(found).isEmpty();
        assertThat(looks).isGreaterThan(STEPS / 2);
    }

    @Test
    void a_page_that_is_both_would_be_seen() {
        MapFixture lax = new MapFixture(OPTIONS.withWriteExecute(true));
        watch(lax);
        ExecutorAddress slab = lax.map.reserve(2 * PAGE);
        lax.map.initialize(request(segment(RX, slab, PAGE, 0xc3)));
        assertThat(found).isEmpty();
        lax.map.initialize(request(segment(MapFixture.RWX, slab.plus(PAGE), PAGE, 0xc3)));
        assertThat(found).isNotEmpty();
        lax.map.shutdown();
    }
}
