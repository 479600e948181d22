// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;

/// A channel over descriptors of the kernel, with the test as the peer.
final class Link implements AutoCloseable {

    static final FdLimits SMALL = new FdLimits(8192, Duration.ofSeconds(20));

    /// What a test waits for at most.
    static final Duration BOUND = Duration.ofSeconds(20);

    final FdChannel channel;
    final int in;
    final int out;
    private final int peerOut;
    private final int peerIn;
    private final Descriptors.Block block = new Descriptors.Block(1 << 16);
    private boolean writeClosed;
    private boolean readClosed;

    private Link(SystemCalls calls, FdLimits limits, int[] toUs, int[] fromUs) {
        in = toUs[0];
        peerOut = toUs[1];
        peerIn = fromUs[0];
        out = fromUs[1];
        channel = new FdChannel(calls, in, out, limits);
    }

    static Link pipes(FdLimits limits) {
        return pipes(SystemCalls.real(), limits);
    }

    static Link pipes(SystemCalls calls, FdLimits limits) {
        return new Link(calls, limits, Descriptors.pipe(), Descriptors.pipe());
    }

    /// One socket for both directions.
    static Link socket(FdLimits limits) {
        return socket(SystemCalls.real(), limits);
    }

    static Link socket(SystemCalls calls, FdLimits limits) {
        int[] ends = Descriptors.socketPair();
        return new Link(calls, limits, new int[] {ends[0], ends[1]}, new int[] {ends[1], ends[0]});
    }

    void send(byte... bytes) {
        send(bytes, 0, bytes.length);
    }

    void send(byte[] bytes, int from, int to) {
        block.write(peerOut, bytes, from, to);
    }

    /// Exactly so many bytes of what the channel wrote.
    byte[] receive(int length) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            assertThat(Descriptors.isReadable(peerIn, (int) BOUND.toMillis()))
                    .as("%d of %d bytes came", at, length)
                    .isTrue();
            int part = block.read(peerIn, bytes, at, length - at);
            assertThat(part)
                    .as("the channel closed after %d of %d bytes", at, length)
                    .isPositive();
            at += part;
        }
        return bytes;
    }

    /// Everything that is there, at most 64 KiB; at the end of the stream nothing.
    byte[] receiveSome() {
        byte[] bytes = new byte[1 << 16];
        return Arrays.copyOf(bytes, block.read(peerIn, bytes, 0, bytes.length));
    }

    boolean hasBytes() {
        return Descriptors.isReadable(peerIn, 0);
    }

    /// Sends no more.
    void endOfStream() {
        closePeer(peerOut);
        writeClosed = true;
        readClosed |= peerIn == peerOut;
    }

    /// Reads no more.
    void stopReading() {
        closePeer(peerIn);
        readClosed = true;
        writeClosed |= peerIn == peerOut;
    }

    /// Polls, sleeping in between, until the peer is gone.
    void pollToTheEnd(FrameSink sink) {
        long deadlineNs = System.nanoTime() + BOUND.toNanos();
        int frames = channel.poll(sink, 64);
        while (frames != MessageChannel.GONE) {
            assertThat(System.nanoTime()).as("bound").isLessThan(deadlineNs);
            if (frames == 0) {
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
            }
            frames = channel.poll(sink, 64);
        }
    }

    /// Polls, sleeping in between, until so many frames came in one go.
    void pollFor(FrameSink sink, int wanted) {
        long deadlineNs = System.nanoTime() + BOUND.toNanos();
        int got = 0;
        while (got < wanted) {
            assertThat(System.nanoTime()).as("bound").isLessThan(deadlineNs);
            int frames = channel.poll(sink, wanted - got);
            assertThat(frames).as("after %d of %d frames", got, wanted).isNotNegative();
            if (frames == 0) {
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
            }
            got += frames;
        }
    }

    @Override
    public void close() {
        channel.close();
        if (!writeClosed) {
            closePeer(peerOut);
        }
        if (!readClosed && peerIn != peerOut) {
            closePeer(peerIn);
        }
        block.close();
    }

    private static void closePeer(int fd) {
        Descriptors.close(fd);
    }
}
