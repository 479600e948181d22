// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Java Flight Recorder sees of an executor that serves a real llvm-jitlink, and what it costs when it is off.
class FlightRecorderTest {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path scratch;

    @Test
    void a_recording_of_a_real_run_tells_the_session_its_calls_and_its_upcalls() throws IOException {
        Path file = scratch.resolve("run.jfr");
        String options = "-XX:StartFlightRecording:filename=" + file;
        for (String kind : List.of(
                "Call",
                "ControllerCall",
                "Upcall",
                "TransportStall",
                "MemoryReserve",
                "MemoryInitialize",
                "MemoryDeinitialize",
                "MemoryRelease")) {
            options += ",+org.orcrt." + kind + "#threshold=0ms";
        }
        runHello(options + " -Xlog:jfr*=off");
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(named(events, "org.orcrt.Session")).singleElement().satisfies(session -> {
            assertThat(session.getString("peer")).startsWith("fd:");
            assertThat(session.getInt("symbols")).isGreaterThan(10);
            assertThat(session.getString("failure")).isNull();
            assertThat(session.getInt("stuck")).isZero();
            assertThat(session.getDuration("lifetime")).isPositive();
        });
        List<RecordedEvent> calls = named(events, "org.orcrt.Call");
        assertThat(calls).extracting(call -> call.getString("outcome")).containsOnly("result");
        assertThat(calls).extracting(call -> call.getString("place")).contains("reader", "own thread");
        assertThat(calls).extracting(call -> call.getLong("target")).doesNotContain(0L);
        assertThat(calls)
                .anySatisfy(call -> assertThat(call.getLong("argumentBytes"))
                        .as("an initialize carries the program")
                        .isGreaterThan(500));
        // the ORC runtime is what calls back: it pushes initializers with a call to the controller
        assertThat(named(events, "org.orcrt.ControllerCall")).isNotEmpty().allSatisfy(call -> {
            assertThat(call.getString("status")).isEqualTo("RESULT");
            assertThat(call.getLong("tag")).isNotZero();
        });
        assertThat(named(events, "org.orcrt.Upcall"))
                .hasSizeGreaterThanOrEqualTo(
                        named(events, "org.orcrt.ControllerCall").size())
                .allSatisfy(upcall -> assertThat(upcall.getString("outcome")).isEqualTo("returned"));
        assertThat(named(events, "org.orcrt.TransportStall")).isNotEmpty();
        for (String operation : List.of("Reserve", "Initialize", "Deinitialize", "Release")) {
            assertThat(named(events, "org.orcrt.Memory" + operation))
                    .isNotEmpty()
                    .allSatisfy(event -> {
                        assertThat(event.getString("kind")).isEqualTo("private");
                        assertThat(event.getString("failure")).isNull();
                        assertThat(event.getLong("address")).isNotZero();
                    });
        }
    }

    @Test
    void without_a_recording_no_class_of_an_event_is_loaded() throws IOException {
        List<String> off = classesOf("off", "");
        assertThat(off).anyMatch(name -> name.equals("org.orcrt.core.SessionEvents"));
        assertThat(off).contains("org.orcrt.memory.MemoryEvents");
        assertThat(off).noneMatch(FlightRecorderTest::isOfRecordings);
        assertThat(off)
                .as("JMX, for which nobody asked")
                .noneMatch(name -> name.startsWith("javax.management.") || name.contains("MemoryBean"));
        List<String> on = classesOf("on", " -XX:StartFlightRecording -Xlog:jfr*=off");
        assertThat(on)
                .contains(
                        "org.orcrt.core.SessionEvent",
                        "org.orcrt.core.CallEvent",
                        "org.orcrt.core.ControllerCallEvent",
                        "org.orcrt.ffm.UpcallEvent",
                        "org.orcrt.memory.MemoryInitializeEvent",
                        "org.orcrt.memory.RecordedOperation",
                        "org.orcrt.wire.TransportStallEvent");
    }

    /// Whether a class is of use only while something records.
    private static boolean isOfRecordings(String name) {
        return name.equals("jdk.jfr.Event")
                || name.startsWith("org.orcrt.") && (name.endsWith("Event") || name.contains(".Recorded"));
    }

    private List<String> classesOf(String name, String options) throws IOException {
        Path log = scratch.resolve(name + ".log");
        runHello("-Xlog:class+load=info:file=" + log + ":none:filecount=0" + options);
        return Files.readAllLines(log).stream()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    private void runHello(String options) throws IOException {
        Llvm llvm = new Llvm(scratch);
        Path object = scratch.resolve("hello.o");
        Path source = Project.root().resolve("orc-rt-it/src/test/resources/corpus/hello/main.c");
        List<String> compile =
                List.of(llvm.clang().toString(), "-fPIC", "-O1", "-c", source.toString(), "-o", object.toString());
        Processes.run(scratch, LIMIT, compile).orThrow();
        List<String> command = List.of(
                "env",
                "ORC_RT_JAVA_OPTIONS=" + options,
                llvm.jitlink().toString(),
                "--oop-executor=" + Project.executor(),
                "--orc-runtime=" + llvm.orcRuntime(),
                object.toString(),
                "--args",
                "hello");
        Finished finished = Processes.run(scratch, LIMIT, command);
        assertThat(finished.exitCode()).as(finished.toString()).contains(42);
        assertThat(finished.stderr()).as(finished.toString()).isEmpty();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
