// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;

/// The memory requests of LLVM's controllers in SPS, field by field:
///
/// ```text
/// initialize request   segments: sequence        pairs: sequence
/// segment              group: 8 bits   address   size: 64 bits   content: bytes
/// group                read 1, write 2, execute 4, finalize lifetime 8
/// pair                 initialize: action        deinitialize: action
/// action               function: address         arguments: bytes
///
/// request for shared memory, whose content the controller puts there itself:
/// initialize request   segments: sequence        pairs: sequence
/// segment              group: 8 bits   address   size: 64 bits
/// ```
public final class SpsMemory {

    private static final long MIN_SEGMENT_BYTES = Byte.BYTES + 3 * Long.BYTES;
    private static final long SHARED_SEGMENT_BYTES = Byte.BYTES + 2 * Long.BYTES;
    private static final long MIN_PAIR_BYTES = 4 * Long.BYTES;
    private static final int ALL_GROUP_BITS = 0xf;
    private static final MemorySegment NO_CONTENT = MemorySegment.ofArray(new byte[0]);

    private SpsMemory() {}

    /// Reads what one `initialize` shall do.
    ///
    /// @param reader stands at the request
    /// @return the request; its contents are slices of the reader's segment and valid as long as that is
    /// @throws SpsException if it is malformed
    public static InitializeRequest readInitializeRequest(SpsReader reader) {
        List<SegmentRequest> segments = readList(reader, MIN_SEGMENT_BYTES, SpsMemory::readSegment);
        return new InitializeRequest(segments, readList(reader, MIN_PAIR_BYTES, SpsMemory::readActionPair));
    }

    /// Writes what one `initialize` shall do.
    ///
    /// @param writer takes the bytes
    /// @param request copied before this method returns
    public static void writeInitializeRequest(SpsWriter writer, InitializeRequest request) {
        writeList(writer, request.segments(), SpsMemory::writeSegment);
        writeList(writer, request.actions(), SpsMemory::writeActionPair);
    }

    /// Reads what one `initialize` of shared memory shall do.
    ///
    /// @param reader stands at the request
    /// @return the request; its segments have no content
    /// @throws SpsException if it is malformed
    public static InitializeRequest readSharedInitializeRequest(SpsReader reader) {
        List<SegmentRequest> segments = readList(reader, SHARED_SEGMENT_BYTES, SpsMemory::readSharedSegment);
        return new InitializeRequest(segments, readList(reader, MIN_PAIR_BYTES, SpsMemory::readActionPair));
    }

    /// Writes what one `initialize` of shared memory shall do.
    ///
    /// @param writer takes the bytes
    /// @param request copied before this method returns, without the content of its segments
    public static void writeSharedInitializeRequest(SpsWriter writer, InitializeRequest request) {
        writeList(writer, request.segments(), SpsMemory::writeSharedSegment);
        writeList(writer, request.actions(), SpsMemory::writeActionPair);
    }

    /// Reads two actions.
    ///
    /// @param reader stands at the pair
    /// @return the pair
    /// @throws SpsException if it is malformed
    public static AllocActionPair readActionPair(SpsReader reader) {
        AllocAction initialize = readAction(reader);
        return new AllocActionPair(initialize, readAction(reader));
    }

    /// Writes two actions.
    ///
    /// @param writer takes the bytes
    /// @param pair copied before this method returns
    public static void writeActionPair(SpsWriter writer, AllocActionPair pair) {
        writeAction(writer, pair.initialize());
        writeAction(writer, pair.deinitialize());
    }

    /// Reads an action.
    ///
    /// @param reader stands at the action
    /// @return the action, with a copy of its arguments; [AllocAction#NONE] if function and arguments are empty
    /// @throws SpsException if it is malformed
    public static AllocAction readAction(SpsReader reader) {
        ExecutorAddress function = reader.readAddress();
        byte[] args = reader.readBytes();
        return function.isNull() && args.length == 0 ? AllocAction.NONE : new AllocAction(function, args);
    }

    /// Writes an action.
    ///
    /// @param writer takes the bytes
    /// @param action copied before this method returns
    public static void writeAction(SpsWriter writer, AllocAction action) {
        writer.address(action.function()).bytes(action.args());
    }

    static SegmentRequest readSegment(SpsReader reader) {
        AllocGroup group = readGroup(reader);
        ExecutorAddress address = reader.readAddress();
        long sizeBytes = reader.readU64();
        long length = reader.skipBytes();
        MemorySegment content = length == 0 ? NO_CONTENT : reader.segment().asSlice(reader.position() - length, length);
        return new SegmentRequest(group, address, sizeBytes, content);
    }

    static void writeSegment(SpsWriter writer, SegmentRequest segment) {
        MemorySegment content = segment.content();
        writeGroup(writer, segment.group());
        writer.address(segment.address()).u64(segment.sizeBytes()).bytes(content, 0, content.byteSize());
    }

    private static SegmentRequest readSharedSegment(SpsReader reader) {
        AllocGroup group = readGroup(reader);
        ExecutorAddress address = reader.readAddress();
        return new SegmentRequest(group, address, reader.readU64(), NO_CONTENT);
    }

    private static void writeSharedSegment(SpsWriter writer, SegmentRequest segment) {
        writeGroup(writer, segment.group());
        writer.address(segment.address()).u64(segment.sizeBytes());
    }

    static AllocGroup readGroup(SpsReader reader) {
        long at = reader.position();
        int id = reader.readU8();
        if ((id & ~ALL_GROUP_BITS) != 0) {
            throw reader.malformed(at, "allocation group has unknown bits: 0x%x".formatted(id));
        }
        return AllocGroup.ofId(id);
    }

    static void writeGroup(SpsWriter writer, AllocGroup group) {
        writer.u8(group.id());
    }

    /// An immutable list, which the request need not copy: a frame full of the smallest elements takes 4
    /// times its bytes.
    @SuppressWarnings("unchecked") // nothing but what was read is in it
    private static <T> List<T> readList(SpsReader reader, long minElementBytes, Function<SpsReader, T> read) {
        Object[] elements = new Object[reader.readLength(minElementBytes)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = read.apply(reader);
        }
        return (List<T>) List.of(elements);
    }

    private static <T> void writeList(SpsWriter writer, List<T> elements, BiConsumer<SpsWriter, T> write) {
        writer.count(elements.size());
        for (T element : elements) {
            write.accept(writer, element);
        }
    }
}
