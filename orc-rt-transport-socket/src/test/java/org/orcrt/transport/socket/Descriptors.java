// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// Pipes and socket pairs of the kernel, and plain input and output on them.
final class Descriptors {

    private static final SystemCalls CALLS = SystemCalls.real();
    private static final long PIPE = symbol("pipe");
    private static final long SOCKETPAIR = symbol("socketpair");
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    private Descriptors() {}

    /// The read end and the write end of a new pipe.
    static int[] pipe() {
        return pair(PIPE, 0, 0);
    }

    /// Two ends of a new stream socket.
    static int[] socketPair() {
        return pair(SOCKETPAIR, AF_UNIX, SOCK_STREAM);
    }

    static void close(int fd) {
        assertThat(CALLS.close(fd)).isZero();
    }

    static boolean isOpen(int fd) {
        return CALLS.fcntl(fd, Linux.F_GETFD, 0) >= 0;
    }

    /// Whether something can be read, or the other end is closed.
    static boolean isReadable(int fd, int timeoutMs) {
        return ready(fd, Linux.POLLIN, timeoutMs);
    }

    /// Whether something can be written without waiting.
    static boolean isWritable(int fd) {
        return ready(fd, Linux.POLLOUT, 0);
    }

    private static boolean ready(int fd, int events, int timeoutMs) {
        long block = NativeMemory.malloc(8);
        try {
            NativeMemory.putLong(block, fd | (long) events << 32);
            return CALLS.poll(block, 1, timeoutMs) > 0;
        } finally {
            NativeMemory.free(block);
        }
    }

    private static int[] pair(long function, long domain, long type) {
        long block = NativeMemory.malloc(8);
        try {
            long result = function == PIPE
                    ? NativeFunctions.call(PIPE, block)
                    : NativeFunctions.call(function, domain, type, 0, block, 0, 0);
            assertThat((int) result).isZero();
            long ends = NativeMemory.getLong(block);
            return new int[] {(int) ends, (int) (ends >>> 32)};
        } finally {
            NativeMemory.free(block);
        }
    }

    private static long symbol(String name) {
        long address = NativeLibraries.symbol(NativeLibraries.PROCESS, name);
        assertThat(address).as(name).isNotZero();
        return address;
    }

    /// A block of the C heap to read into and write from. One thread at a time.
    static final class Block implements AutoCloseable {

        private final long address;
        private final int sizeBytes;

        Block(int sizeBytes) {
            this.sizeBytes = sizeBytes;
            address = NativeMemory.malloc(sizeBytes);
        }

        /// Writes all of it, waiting for room.
        void write(int fd, byte[] bytes, int from, int to) {
            for (int at = from; at < to; ) {
                int part = Math.min(sizeBytes, to - at);
                MemorySegment.copy(bytes, at, NativeMemory.ALL, ValueLayout.JAVA_BYTE, address, part);
                long written = CALLS.write(fd, address, part);
                assertThat(written).as("write to descriptor %d", fd).isPositive();
                at += (int) written;
            }
        }

        /// Reads at most so much, waiting for the first byte.
        ///
        /// @return how much, 0 at the end
        int read(int fd, byte[] into, int at, int limit) {
            long length = CALLS.read(fd, address, Math.min(sizeBytes, limit));
            assertThat(length).as("read from descriptor %d", fd).isNotNegative();
            MemorySegment.copy(NativeMemory.ALL, ValueLayout.JAVA_BYTE, address, into, at, (int) length);
            return (int) length;
        }

        @Override
        public void close() {
            NativeMemory.free(address);
        }
    }
}
