// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;
import org.orcrt.testing.FuzzInput;
import org.orcrt.testing.FuzzTarget;

/// Any bytes as a stream, chopped in any way, through a whole [FdChannel] whose system calls are played: the
/// frames that a few lines cut out of the same bytes, and then the same end. The heap does not notice.
///
/// ```text
/// limit: 8 bits      chunk: 8 bits      polled: 8 bits      times: 8 bits      the stream, so many times
/// ```
final class StreamFuzz implements FuzzTarget {

    private static final int HEADER_BYTES = 32;
    private static final int MAX_TIMES = 4;

    /// A channel, its exception, and what each system call costs here.
    private static final long BYTES_PER_RUN = 1 << 20;

    private static final long BYTES_PER_BYTE = 256;

    /// The limit that the channel takes for twice as much; 0 for none.
    private final int brokenLimit;

    StreamFuzz() {
        this(0);
    }

    private StreamFuzz(int brokenLimit) {
        this.brokenLimit = brokenLimit;
    }

    @Override
    public List<byte[]> seeds() {
        byte[] shortest = header(HEADER_BYTES);
        byte[] longer = Arrays.copyOf(header(64), 64);
        byte[] longest = Arrays.copyOf(header(4096), 4096);
        return List.of(
                input(0, 255, 7).bytes(shortest).bytes(longer).build(),
                input(3, 0, 0).bytes(shortest).bytes(shortest).bytes(longer).build(),
                input(6, 200, 1).bytes(longer).bytes(longest).build(),
                input(0, 9, 1).bytes(shortest).bytes(header(129)).build(),
                input(0, 9, 1).bytes(header(31)).build(),
                input(1, 9, 1).bytes(header(-1)).build(),
                input(1, 9, 1).bytes(header(1L << 60)).build(),
                input(1, 9, 1).bytes(longer).bytes(Arrays.copyOf(longer, 40)).build(),
                input(1, 9, 1).bytes((byte) 1, (byte) 0, (byte) 0).build());
    }

    @Override
    public void run(byte[] input) {
        long allowed = BYTES_PER_RUN + BYTES_PER_BYTE * MAX_TIMES * input.length;
        long allocated = Allocations.bytesOf(() -> play(input));
        if (allocated > allowed) { // the first time may have loaded classes: what counts comes each time
            allocated = Allocations.bytesOf(() -> play(input));
        }
        if (allocated > allowed) {
            throw new AssertionError("%d B allocated for %d B".formatted(allocated, input.length));
        }
    }

    /// A channel whose limit of 64 bytes is one of 128.
    @Override
    public FuzzTarget planted() {
        return new StreamFuzz(64);
    }

    /// A header with a length that may lie.
    private static byte[] header(long length) {
        return Arrays.copyOf(new FuzzInput.Builder().u64(length).u64(3).build(), HEADER_BYTES);
    }

    private static FuzzInput.Builder input(int limit, int chunk, int polled) {
        return new FuzzInput.Builder().u8(limit).u8(chunk).u8(polled).u8(0);
    }

    private void play(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int maxFrameBytes = 64 << in.u8() % 8;
        int chunk = 1 + in.u8();
        int polled = 1 + in.u8() % 8;
        int times = 1 + in.u8() % MAX_TIMES;
        byte[] once = in.rest();
        byte[] stream = new byte[once.length * times];
        for (int k = 0; k < times; k++) {
            System.arraycopy(once, 0, stream, k * once.length, once.length);
        }
        Reference reference = new Reference(stream, maxFrameBytes);
        int taken = maxFrameBytes == brokenLimit ? 2 * maxFrameBytes : maxFrameBytes;
        FdLimits limits = new FdLimits(taken, Duration.ofSeconds(1));
        try (FdChannel channel = new FdChannel(new PlayedCalls(stream, chunk), 0, 1, limits)) {
            TypeId end = endOf(channel, reference, polled);
            reference.checkEnd(end);
            if (channel.poll(reference, polled) > 0) {
                throw new AssertionError("a frame after the end");
            }
        } catch (TransportException again) {
            reference.checkEnd(again.typeId());
        }
    }

    /// @return the kind of the error, or `null` after an orderly end
    private static @Nullable TypeId endOf(MessageChannel channel, Reference reference, int polled) {
        try {
            for (int rounds = 0; rounds < 4 * (reference.stream.length + HEADER_BYTES); rounds++) {
                int frames = channel.poll(reference, polled);
                if (frames == MessageChannel.GONE) {
                    return null;
                }
                if (frames > polled) {
                    throw new AssertionError("poll of " + polled + " gave " + frames);
                }
                if (frames == 0) {
                    channel.sleep(MessageChannel.RESULT, 1);
                }
            }
        } catch (TransportException failure) {
            return failure.typeId();
        }
        throw new AssertionError("no end");
    }

    /// Cuts the same stream, all of it at once, and compares frame by frame.
    private static final class Reference implements FrameSink {

        private final byte[] stream;
        private final int maxFrameBytes;
        private int start;

        Reference(byte[] stream, int maxFrameBytes) {
            this.stream = stream;
            this.maxFrameBytes = maxFrameBytes;
        }

        @Override
        public void onFrame(MemorySegment bytes, long offset, long frameBytes) {
            long expected = nextLength();
            if (kindOf(expected) != null || frameBytes != expected || frameBytes > stream.length - start) {
                throw new AssertionError(
                        "a frame of %d bytes at byte %d, where one of %s is".formatted(frameBytes, start, expected));
            }
            for (int k = 0; k < frameBytes; k++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, offset + k) != stream[start + k]) {
                    throw new AssertionError("byte %d of the stream is another one".formatted(start + k));
                }
            }
            start += (int) frameBytes;
        }

        void checkEnd(@Nullable TypeId end) {
            TypeId expected = expectedEnd();
            if (end != expected) {
                throw new AssertionError(
                        "at byte %d of %d it ended with %s, not %s".formatted(start, stream.length, end, expected));
            }
        }

        private @Nullable TypeId expectedEnd() {
            TypeId broken = stream.length - start < Long.BYTES ? null : kindOf(nextLength());
            if (broken != null) {
                return broken;
            }
            return start == stream.length ? null : TransportException.PEER_GONE;
        }

        private long nextLength() {
            return new FuzzInput(Arrays.copyOfRange(stream, start, start + Long.BYTES)).u64();
        }

        private @Nullable TypeId kindOf(long length) {
            if (length >= 0 && length < HEADER_BYTES) {
                return TransportException.PROTOCOL_VIOLATION;
            }
            return length < 0 || length > maxFrameBytes ? TransportException.FRAME_TOO_LARGE : null;
        }
    }

    /// A kernel whose one pipe has the stream in it.
    private static final class PlayedCalls extends ForwardedCalls {

        private final byte[] stream;
        private final int chunk;
        private int at;

        PlayedCalls(byte[] stream, int chunk) {
            this.stream = stream;
            this.chunk = chunk;
        }

        @Override
        public long eventfd(int initial, int flags) {
            return 2;
        }

        @Override
        public long close(int fd) {
            return 0;
        }

        @Override
        public long poll(long pollfdsAddress, int count, int timeoutMs) {
            long asked = NativeMemory.getLong(pollfdsAddress);
            NativeMemory.putLong(pollfdsAddress, asked | (long) Linux.POLLIN << 48);
            return 1;
        }

        @Override
        public long read(int fd, long address, long lengthBytes) {
            int taken = (int) Math.min(Math.min(lengthBytes, chunk), stream.length - at);
            MemorySegment.copy(stream, at, NativeMemory.ALL, ValueLayout.JAVA_BYTE, address, taken);
            at += taken;
            return taken;
        }
    }
}
