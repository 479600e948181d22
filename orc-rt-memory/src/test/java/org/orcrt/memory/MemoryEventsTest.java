// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.RecordingRunner.pair;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;

/// What a recording says of memory.
class MemoryEventsTest {

    private static final String MEMORY = "org.orcrt.Memory";
    private static final List<String> OPERATIONS = List.of("Reserve", "Initialize", "Deinitialize", "Release");

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void each_operation_tells_its_address_and_bytes(boolean shared) throws IOException {
        MapFixture fixture = shared ? MapFixture.shared() : new MapFixture();
        List<ExecutorAddress> slabs = new ArrayList<>();
        List<RecordedEvent> events = recorded(() -> {
            ExecutorAddress slab = fixture.map.reserve(3 * PAGE + 1);
            slabs.add(slab);
            fixture.map.deinitialize(fixture.page(slab.plus(PAGE)));
            fixture.page(slab, pair("a"));
            fixture.map.release(slab);
        });
        ExecutorAddress slab = slabs.getFirst();
        assertThat(events)
                .extracting(MemoryEventsTest::story)
                .containsExactly(
                        "Reserve %s+4000".formatted(slab),
                        "Initialize %s+1000".formatted(slab.plus(PAGE)),
                        "Deinitialize %s+1000".formatted(slab.plus(PAGE)),
                        "Initialize %s+1000".formatted(slab),
                        "Deinitialize %s+1000".formatted(slab),
                        "Release %s+4000".formatted(slab));
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getString("kind")).isEqualTo(shared ? "shared" : "private");
            assertThat(event.getLong("map")).isEqualTo(events.getFirst().getLong("map"));
            assertThat(event.getString("failure")).isNull();
            assertThat(event.getEventType().getCategoryNames()).containsExactly("ORC runtime");
            assertThat(event.getStackTrace()).isNull();
        });
    }

    @Test
    void a_failure_is_told_in_one_line() throws IOException {
        MapFixture fixture = new MapFixture();
        List<RecordedEvent> events = recorded(() -> {
            failureOf(() -> fixture.map.reserve(1L << 50));
            ExecutorAddress slab = fixture.map.reserve(PAGE);
            failureOf(() -> fixture.page(slab, pair("!a\n", "never")));
            fixture.page(slab, pair("+b", "!b"), pair("+c", "!c"));
            failureOf(() -> fixture.map.deinitialize(slab));
            failureOf(() -> fixture.map.deinitialize(slab));
            fixture.page(slab, pair("+d", "!d"));
            failureOf(fixture.map::shutdown);
            failureOf(() -> fixture.map.release(slab));
        });
        assertThat(events)
                .extracting(event -> event.getString("failure"))
                .satisfiesExactly(
                        failure -> assertThat(failure).contains("memory.max-reserved-bytes"),
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).contains("!a").doesNotContain("\n"),
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).as("the first of two").contains("!c said no"),
                        failure -> assertThat(failure).contains("there is no region"),
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).contains("!d said no"),
                        failure ->
                                assertThat(failure).as("the slab itself went").isNull(),
                        failure -> assertThat(failure).contains("there is no slab"));
        assertThat(events.getFirst().getLong("bytes")).isEqualTo(1L << 50);
    }

    @Test
    void what_nobody_records_is_not_watched() throws IOException {
        recorded(() -> {}); // Flight Recorder is there from now on
        MemoryEvents events = new MemoryEvents("private");
        for (OperationWatch watch :
                List.of(events.reserve(), events.initialize(), events.deinitialize(), events.release())) {
            assertThat(watch).isSameAs(OperationWatch.NONE);
        }
    }

    private static String story(RecordedEvent event) {
        return "%s %s+%x"
                .formatted(
                        event.getEventType().getName().substring(MEMORY.length()),
                        new ExecutorAddress(event.getLong("address")),
                        event.getLong("bytes"));
    }

    /// The events, in the order of their ends.
    private List<RecordedEvent> recorded(Runnable work) throws IOException {
        try (Recording recording = new Recording()) {
            OPERATIONS.forEach(operation -> recording.enable(MEMORY + operation).withoutThreshold());
            recording.start();
            work.run();
            recording.stop();
            Path file = scratch.resolve("recording.jfr");
            recording.dump(file);
            List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
            events.removeIf(event -> !event.getEventType().getName().startsWith(MEMORY));
            events.sort(Comparator.comparing(RecordedEvent::getEndTime));
            return events;
        }
    }
}
