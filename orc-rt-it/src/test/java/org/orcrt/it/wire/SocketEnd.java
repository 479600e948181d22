// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;
import org.orcrt.transport.socket.SocketProvider;

/// The far end of a channel of ours that was made as for `filedescs=N,N`.
final class SocketEnd implements AutoCloseable {

    private static final SystemCalls CALLS = SystemCalls.real();
    private static final long SOCKETPAIR = NativeLibraries.symbol(NativeLibraries.PROCESS, "socketpair");
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    private final MessageChannel channel;
    private final int fd;
    private boolean open = true;

    SocketEnd() {
        long block = NativeMemory.malloc(8);
        assertThat((int) NativeFunctions.call(SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, block, 0, 0))
                .isZero();
        long ends = NativeMemory.getLong(block);
        NativeMemory.free(block);
        fd = (int) (ends >>> 32);
        try {
            ConnectionSpec spec = ConnectionSpec.parse("filedescs=%1$d,%1$d".formatted((int) ends));
            channel = new SocketProvider().connect(spec, Duration.ofSeconds(1));
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    /// Our code's end.
    MessageChannel channel() {
        return channel;
    }

    /// Sends what fits the socket's buffer; more would wait for a reader.
    void send(byte[] bytes, int from, int to) {
        long block = NativeMemory.malloc(to - from);
        MemorySegment.copy(bytes, from, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, to - from);
        assertThat(to == from ? 0 : CALLS.write(fd, block, to - from)).isEqualTo(to - from);
        NativeMemory.free(block);
    }

    /// Exactly so many bytes.
    byte[] receive(int length) {
        byte[] bytes = new byte[length];
        long block = NativeMemory.malloc(length);
        for (int at = 0; at < length; ) {
            int part = (int) CALLS.read(fd, block, length - at);
            assertThat(part).as("after %d of %d bytes", at, length).isPositive();
            MemorySegment.copy(NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes, at, part);
            at += part;
        }
        NativeMemory.free(block);
        return bytes;
    }

    /// The peer is gone.
    void endOfStream() {
        assertThat(CALLS.close(fd)).isZero();
        open = false;
    }

    /// Closes the far end; the channel belongs to the test.
    @Override
    public void close() {
        if (open) {
            endOfStream();
        }
    }
}
