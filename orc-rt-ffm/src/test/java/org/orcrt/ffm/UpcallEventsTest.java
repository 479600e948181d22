// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;

/// What a recording says of Java functions that native code calls.
class UpcallEventsTest {

    private static final String UPCALL = "org.orcrt.Upcall";
    private static final WrapperFunction ECHO = (args, offset, length, reply) -> reply.result(args, offset, length);

    @TempDir
    private Path scratch;

    private final FfmLinker linker = new FfmLinker();
    private final long args = NativeMemory.malloc(64);

    @AfterEach
    void free() {
        NativeMemory.free(args);
    }

    @Test
    void an_upcall_of_a_wrapper_function_tells_its_bytes_both_ways() throws Exception {
        long stub = linker.bind(ECHO).value();
        List<RecordedEvent> upcalls = recorded(() -> callWrapper(stub, 5));
        linker.unbind(ECHO);
        assertThat(upcalls).singleElement().satisfies(upcall -> {
            assertThat(upcall.getLong("address")).isEqualTo(stub);
            assertThat(upcall.getInt("slot")).isNotNegative();
            assertThat(upcall.getLong("argumentBytes")).isEqualTo(5);
            assertThat(upcall.getLong("resultBytes")).isEqualTo(5);
            assertThat(upcall.getString("outcome")).isEqualTo("returned");
            assertThat(upcall.getEventType().getCategoryNames()).containsExactly("ORC runtime");
            assertThat(upcall.getStackTrace()).isNull();
        });
    }

    @Test
    void an_upcall_of_another_function_has_no_bytes_to_tell_and_what_it_throws_shows() throws Exception {
        long stub = StubPool.lease((a, b, c, d, result) -> {
            throw new IllegalStateException("planted");
        });
        List<RecordedEvent> upcalls = recorded(() -> callWrapper(stub, 5));
        StubPool.release(stub);
        assertThat(upcalls).singleElement().satisfies(upcall -> {
            assertThat(upcall.getLong("argumentBytes")).isEqualTo(-1);
            assertThat(upcall.getLong("resultBytes")).isEqualTo(-1);
            assertThat(upcall.getString("outcome")).isEqualTo("threw");
        });
    }

    @Test
    void an_upcall_that_nobody_records_is_not_watched() throws Exception {
        Upcall target = (a, b, c, d, result) -> {};
        recorded(() -> {}); // Flight Recorder is there from now on
        assertThat(UpcallEvents.watched(target, 0)).isSameAs(target);
    }

    /// What native code does: calls an address, gets 16 bytes.
    private void callWrapper(long stub, int length) {
        WrapperCaller.call(stub, NativeMemory.ALL, args, length, new Ignored());
    }

    private List<RecordedEvent> recorded(Runnable work) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable(UPCALL).withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            Path file = scratch.resolve("recording.jfr");
            recording.dump(file);
            List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
            events.removeIf(event -> !event.getEventType().getName().equals(UPCALL));
            return events;
        }
    }

    private static final class Ignored implements WrapperReturn {

        @Override
        public void result(MemorySegment bytes, long offset, long length) {}

        @Override
        public void outOfBandError(String text) {}
    }
}
