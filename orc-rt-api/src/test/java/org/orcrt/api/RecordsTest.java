// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;

/// Records copy what they promise to copy, and nothing else.
class RecordsTest {

    private static final ProcessInfo PROCESS = new ProcessInfo("x86_64-pc-linux-gnu", 4096);

    @Test
    void bootstrap_info_copies_both_maps_and_keeps_their_order() {
        Map<String, ExecutorAddress> symbols = new LinkedHashMap<>();
        symbols.put("z", new ExecutorAddress(1));
        symbols.put("a", new ExecutorAddress(2));
        Map<String, byte[]> values = new LinkedHashMap<>();
        values.put("two", new byte[] {2});
        values.put("one", new byte[] {1});
        BootstrapInfo info = new BootstrapInfo(PROCESS, symbols, values);
        symbols.clear();
        values.clear();
        assertThat(info.symbols().keySet()).containsExactly("z", "a");
        assertThat(info.values().keySet()).containsExactly("two", "one");
        assertThat(info.symbols()).isUnmodifiable();
        assertThat(info.values()).isUnmodifiable();
    }

    @Test
    void bootstrap_info_owns_the_bytes_of_its_values_and_does_not_copy_them() {
        byte[] bytes = {1, 2, 3};
        assertThat(new BootstrapInfo(PROCESS, Map.of(), Map.of("v", bytes)).values())
                .containsEntry("v", bytes);
    }

    @Test
    void an_initialize_request_copies_both_lists() {
        SegmentRequest segment =
                new SegmentRequest(AllocGroup.ofId(1), new ExecutorAddress(0x1000), 16, MemorySegment.NULL);
        List<SegmentRequest> segments = new ArrayList<>(List.of(segment));
        List<AllocActionPair> actions = new ArrayList<>();
        InitializeRequest request = new InitializeRequest(segments, actions);
        segments.clear();
        actions.add(new AllocActionPair(AllocAction.NONE, AllocAction.NONE));
        assertThat(request.segments()).containsExactly(segment).isUnmodifiable();
        assertThat(request.actions()).isEmpty();
    }

    @Test
    void an_action_without_a_function_is_none() {
        assertThat(AllocAction.NONE.isNone()).isTrue();
        assertThat(AllocAction.NONE.args()).isEmpty();
        assertThat(new AllocAction(ExecutorAddress.NULL, new byte[1]).isNone()).isTrue();
        assertThat(new AllocAction(new ExecutorAddress(1), new byte[0]).isNone())
                .isFalse();
    }

    @Test
    void a_shutdown_report_copies_both_lists_and_is_clean_only_if_both_are_empty() {
        List<Throwable> failures = new ArrayList<>();
        List<String> running = new ArrayList<>();
        ShutdownReport clean = new ShutdownReport(failures, running);
        failures.add(new IllegalStateException("late"));
        running.add("late");
        assertThat(clean.isClean()).isTrue();
        assertThat(new ShutdownReport(failures, List.of()).isClean()).isFalse();
        assertThat(new ShutdownReport(List.of(), running).isClean()).isFalse();
        assertThatNullPointerException().isThrownBy(() -> new ShutdownReport(nulls(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 3, 4095, Long.MAX_VALUE, Long.MIN_VALUE})
    void a_page_has_a_power_of_two_of_bytes(long bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProcessInfo("x86_64-pc-linux-gnu", bytes))
                .withMessageContaining("" + bytes);
    }

    @Test
    void a_process_has_a_triple() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProcessInfo("", 4096));
        assertThat(PROCESS.pageBytes()).isEqualTo(4096);
    }

    @Test
    void a_process_tells_what_it_was_given() {
        ProcessInfo process = new ProcessInfo("riscv64-unknown-linux-gnu", 65536, List.of("v", "zba"));
        assertThat(process.triple()).isEqualTo("riscv64-unknown-linux-gnu");
        assertThat(process.pageBytes()).isEqualTo(65536);
        assertThat(process.cpuFeatures()).containsExactly("v", "zba");
    }

    private static List<Throwable> nulls() {
        List<Throwable> list = new ArrayList<>();
        list.add(null);
        return list;
    }
}
