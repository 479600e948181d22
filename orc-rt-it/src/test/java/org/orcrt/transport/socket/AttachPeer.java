// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// A controller at the far end of two pipes or a socket, which does what a test tells it. Its own system calls do not
/// fail.
final class AttachPeer implements AutoCloseable {

    static final int HEADER_BYTES = 32;

    private static final SystemCalls CALLS = SystemCalls.real();
    private static final long PIPE = NativeLibraries.symbol(NativeLibraries.PROCESS, "pipe");
    private static final long SOCKETPAIR = NativeLibraries.symbol(NativeLibraries.PROCESS, "socketpair");
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int BOUND_MS = (int) TimeUnit.SECONDS.toMillis(20);

    /// The executor's ends.
    final int in;

    final int out;

    private final int peerIn;
    private final int peerOut;
    private final long block = NativeMemory.malloc(BLOCK_BYTES);

    AttachPeer(boolean socket) {
        int[] toExecutor = socket ? pair(SOCKETPAIR, AF_UNIX) : pair(PIPE, 0);
        int[] fromExecutor = socket ? new int[] {toExecutor[1], toExecutor[0]} : pair(PIPE, 0);
        in = toExecutor[0];
        peerOut = toExecutor[1];
        peerIn = fromExecutor[0];
        out = fromExecutor[1];
    }

    private static int[] pair(long function, int domain) {
        long ends = NativeMemory.malloc(Long.BYTES);
        try {
            int result = (int)
                    (function == PIPE
                            ? NativeFunctions.call(PIPE, ends)
                            : NativeFunctions.call(SOCKETPAIR, domain, SOCK_STREAM, 0, ends, 0, 0));
            if (result != 0) {
                throw new AssertionError("no descriptors left");
            }
            long both = NativeMemory.getLong(ends);
            return new int[] {(int) both, (int) (both >>> 32)};
        } finally {
            NativeMemory.free(ends);
        }
    }

    /// Sends a frame. That nobody is there any more is not an error.
    void send(long opcode, long callId, long target, byte... payload) {
        byte[] frame = ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(HEADER_BYTES + payload.length)
                .putLong(opcode)
                .putLong(callId)
                .putLong(target)
                .put(payload)
                .array();
        MemorySegment.copy(frame, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, frame.length);
        CALLS.write(peerOut, block, frame.length);
    }

    /// Waits for a frame.
    ///
    /// @return all of it, or `null` at the end of the stream
    @Nullable ByteBuffer receive() {
        byte[] length = bytes(Long.BYTES);
        if (length.length == 0) {
            return null;
        }
        int rest = (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong() - Long.BYTES;
        byte[] body = bytes(rest);
        return body.length == 0
                ? null
                : ByteBuffer.allocate(Long.BYTES + rest)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(length)
                        .put(body)
                        .flip();
    }

    /// Exactly so many bytes, or none.
    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count; ) {
            NativeMemory.putLong(block, peerIn | (long) Linux.POLLIN << 32);
            if (CALLS.poll(block, 1, BOUND_MS) <= 0) {
                throw new AssertionError("nothing came in %d ms; got %d of %d bytes".formatted(BOUND_MS, at, count));
            }
            int part = (int) CALLS.read(peerIn, block, Math.min(BLOCK_BYTES, count - at));
            if (part <= 0) {
                return new byte[0];
            }
            MemorySegment.copy(NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes, at, part);
            at += part;
        }
        return bytes;
    }

    /// Whether the executor's ends are open.
    boolean executorHasItsEnds() {
        return CALLS.fcntl(in, Linux.F_GETFD, 0) >= 0 && CALLS.fcntl(out, Linux.F_GETFD, 0) >= 0;
    }

    /// Closes the executor's ends, which it never took.
    void closeExecutorsEnds() {
        CALLS.close(in);
        if (out != in) {
            CALLS.close(out);
        }
    }

    @Override
    public void close() {
        CALLS.close(peerIn);
        if (peerOut != peerIn) {
            CALLS.close(peerOut);
        }
        NativeMemory.free(block);
    }
}
