// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.orcrt.spi.MessageChannel;

/// Where the fields of a frame lie, in bytes from its start. All are little-endian and unaligned.
///
/// ```text
///  0        8        16       24       32
///  | size   | opcode | callId | target | payload ...
/// ```
///
/// `size` counts the header too. `target` is the wrapper function's address in a call to the executor, the handler tag
/// in a call to the controller, and the kind of a result.
public final class FrameLayout {

    /// The header's length.
    public static final int HEADER_BYTES = MessageChannel.MIN_FRAME_BYTES;

    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FrameLayout() {}

    /// Writes a header.
    ///
    /// @param frame where the frame lies
    /// @param offset its offset in `frame`
    /// @param sizeBytes its length, header included
    /// @param opcode an [Opcode]
    /// @param callId the call's number
    /// @param target address, tag or kind
    public static void putHeader(
            MemorySegment frame, long offset, long sizeBytes, long opcode, long callId, long target) {
        frame.set(U64, offset, sizeBytes);
        frame.set(U64, offset + 8, opcode);
        frame.set(U64, offset + 16, callId);
        frame.set(U64, offset + 24, target);
    }

    /// Reads the opcode.
    ///
    /// @param frame where the frame lies
    /// @param offset its offset in `frame`
    /// @return the raw number; it may be no [Opcode]
    public static long opcode(MemorySegment frame, long offset) {
        return frame.get(U64, offset + 8);
    }

    /// Reads the call's number.
    ///
    /// @param frame where the frame lies
    /// @param offset its offset in `frame`
    /// @return the number; every value is legal
    public static long callId(MemorySegment frame, long offset) {
        return frame.get(U64, offset + 16);
    }

    /// Reads the target.
    ///
    /// @param frame where the frame lies
    /// @param offset its offset in `frame`
    /// @return address, tag or kind
    public static long target(MemorySegment frame, long offset) {
        return frame.get(U64, offset + 24);
    }
}
