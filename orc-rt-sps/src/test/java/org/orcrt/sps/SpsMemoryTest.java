// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;

class SpsMemoryTest {

    private final SpsWriter writer = new SpsWriter();

    @Test
    void contents_are_read_in_place() {
        SpsMemory.writeInitializeRequest(writer.u8(0), twoSegments());
        byte[] bytes = writer.toByteArray();
        SpsReader reader = new SpsReader().over(MemorySegment.ofArray(bytes), 1, bytes.length - 1);
        MemorySegment content =
                SpsMemory.readInitializeRequest(reader).segments().getLast().content();
        content.set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
        assertThat(content.byteSize()).isEqualTo(2);
        assertThat(bytes).contains(42);
    }

    @Test
    void segments_and_actions_keep_their_order() {
        SpsMemory.writeInitializeRequest(writer, twoSegments());
        SpsReader reader = SpsReader.of(writer.toByteArray());
        InitializeRequest request = SpsMemory.readInitializeRequest(reader);
        reader.end();
        assertThat(request.segments()).extracting(s -> s.address().value()).containsExactly(0x1000L, 0x2000L);
        assertThat(request.segments()).extracting(SegmentRequest::sizeBytes).containsExactly(0x100L, -1L);
        assertThat(request.actions())
                .extracting(pair -> pair.initialize().function().value())
                .containsExactly(0L, 3L);
        assertThat(request.actions().getLast().deinitialize().args()).containsExactly(1, 2, 3);
    }

    @Test
    void no_action_is_the_one_that_is_called_none() {
        SpsMemory.writeAction(writer, AllocAction.NONE);
        assertThat(SpsMemory.readAction(SpsReader.of(writer.toByteArray()))).isSameAs(AllocAction.NONE);
    }

    @Test
    @Tag("SP-10")
    void an_allocation_group_with_unknown_bits_is_refused() {
        for (int id = 0; id < 256; id++) {
            byte[] request = writer.reset()
                    .count(1)
                    .u8(id)
                    .u64(0)
                    .u64(0)
                    .count(0)
                    .count(0)
                    .toByteArray();
            SpsReader reader = SpsReader.of(request);
            if (id < 16) {
                AllocGroup group = SpsMemory.readInitializeRequest(reader)
                        .segments()
                        .getFirst()
                        .group();
                assertThat(group.id()).isEqualTo(id);
            } else {
                assertThatExceptionOfType(SpsException.class)
                        .isThrownBy(() -> SpsMemory.readInitializeRequest(reader))
                        .withMessage("malformed SPS at byte 8: allocation group has unknown bits: 0x%x", id);
            }
        }
    }

    @Test
    void a_segment_of_shared_memory_takes_17_bytes_and_has_no_content() {
        SpsMemory.writeSharedInitializeRequest(writer, twoSegments());
        assertThat(writer.length()).isEqualTo(8 + 2 * 17 + 8 + 32 + 2 * (16 + 3));
        InitializeRequest request = SpsMemory.readSharedInitializeRequest(SpsReader.of(writer.toByteArray()));
        assertThat(request.segments()).extracting(s -> s.address().value()).containsExactly(0x1000L, 0x2000L);
        assertThat(request.segments()).extracting(SegmentRequest::sizeBytes).containsExactly(0x100L, -1L);
        assertThat(request.segments()).allMatch(s -> s.content().byteSize() == 0);
        assertThat(request.actions()).hasSize(2);

        SpsReader tooShort =
                SpsReader.of(writer.reset().count(2).bytes(new byte[2 * 17 - 9]).toByteArray());
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> SpsMemory.readSharedInitializeRequest(tooShort))
                .withMessageContaining("a sequence of 2 elements of at least 17 B does not fit in the 33 B");
    }

    @Test
    void a_segment_takes_at_least_25_bytes_and_a_pair_32() {
        SpsReader segments =
                SpsReader.of(writer.count(2).bytes(new byte[2 * 25 - 9]).toByteArray());
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> SpsMemory.readInitializeRequest(segments))
                .withMessageContaining("a sequence of 2 elements of at least 25 B does not fit in the 49 B");
        SpsReader pairs = SpsReader.of(
                writer.reset().count(0).count(2).bytes(new byte[2 * 32 - 9]).toByteArray());
        assertThatExceptionOfType(SpsException.class)
                .isThrownBy(() -> SpsMemory.readInitializeRequest(pairs))
                .withMessageContaining("a sequence of 2 elements of at least 32 B does not fit in the 63 B");
    }

    private static InitializeRequest twoSegments() {
        AllocAction action = new AllocAction(new ExecutorAddress(3), new byte[] {1, 2, 3});
        MemorySegment content = MemorySegment.ofArray(new byte[] {5, 6});
        return new InitializeRequest(
                List.of(
                        new SegmentRequest(AllocGroup.ofId(5), new ExecutorAddress(0x1000), 0x100, content),
                        new SegmentRequest(AllocGroup.ofId(3), new ExecutorAddress(0x2000), -1, content)),
                List.of(new AllocActionPair(AllocAction.NONE, AllocAction.NONE), new AllocActionPair(action, action)));
    }
}
