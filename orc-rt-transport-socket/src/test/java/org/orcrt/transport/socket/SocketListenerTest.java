// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.TransportException;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.Handshake;
import org.orcrt.spi.HandshakeToken;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;

/// A listener and everybody who comes.
class SocketListenerTest {

    private static final long SEED = 20_261_122;
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int SLOW_PEERS = 500;
    private static final int FLOOD = 2_000;

    private final SocketProvider provider = new SocketProvider();
    private final Random random = new Random(SEED);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void frames_go_both_ways_between_two_ends(String scheme) throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen(scheme, directory))) {
            FutureTask<MessageChannel> accepted = Places.start(() -> listener.accept(BOUND));
            try (MessageChannel near = provider.connect(listener.spec(), BOUND);
                    MessageChannel far = accepted.get(20, TimeUnit.SECONDS)) {
                assertThat(near.maxFrameBytes()).isEqualTo(far.maxFrameBytes()).isEqualTo(64 << 20);
                pass(near, far, FrameStream.frame(5_000_000, random));
                pass(far, near, FrameStream.frame(32, random));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void the_shorter_limit_on_frames_holds_for_both(String scheme) throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen(scheme, directory))) {
            FutureTask<MessageChannel> accepted = Places.start(() -> listener.accept(BOUND));
            try (SocketChannel peer = Places.join(listener.spec());
                    MessageChannel channel = accepted.get(20, TimeUnit.SECONDS)) {
                assertThat(channel.maxFrameBytes()).isEqualTo(Places.TERMS.maxFrameBytes());
                peer.write(ByteBuffer.wrap(FrameStream.header((1 << 20) + 1)));
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> channel.poll((bytes, offset, length) -> {}, 1))
                        .withMessageContaining("the limit is 1048576");
            }
        }
    }

    /// The bytes of the first frame come with the last ones of the handshake.
    @Test
    void no_byte_of_the_first_frame_is_lost_to_the_handshake() throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen("unix", directory))) {
            FutureTask<MessageChannel> accepted = Places.start(() -> listener.accept(BOUND));
            try (SocketChannel peer = Places.dial(listener.spec())) {
                Handshake handshake = Handshake.connector(Places.TERMS, null);
                peer.write(ByteBuffer.wrap(handshake.outgoing()));
                byte[] hello = Places.read(peer, handshake.wanted());
                handshake.receive(hello, 0, hello.length);
                byte[] frame = FrameStream.frame(100, random);
                ByteBuffer together = ByteBuffer.allocate(132);
                peer.write(together.put(handshake.outgoing()).put(frame).flip());
                try (MessageChannel channel = accepted.get(20, TimeUnit.SECONDS)) {
                    FrameStream.Expectation frames = new FrameStream(frame, List.of(100)).expectation();
                    receive(channel, frames);
                    assertThat(frames.frames()).isOne();
                }
            }
        }
    }

    @Test
    @Tag("N2")
    void five_hundred_peers_that_stall_keep_no_good_one_waiting() throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen("tcp", directory))) {
            List<SocketChannel> slow = new ArrayList<>();
            long[] times = new long[20];
            FutureTask<Void> accepting = Places.start(() -> {
                for (int k = 0; k < times.length; k++) {
                    listener.accept(BOUND).close();
                }
                return null;
            });
            try {
                for (int k = 0; k < SLOW_PEERS; k++) {
                    SocketChannel peer = Places.dial(listener.spec());
                    peer.write(ByteBuffer.wrap(new byte[] {'o'}));
                    slow.add(peer);
                    if (k % (SLOW_PEERS / times.length) == 0) {
                        long startNs = System.nanoTime();
                        Places.join(listener.spec()).close();
                        times[k / (SLOW_PEERS / times.length)] = System.nanoTime() - startNs;
                    }
                }
                accepting.get(20, TimeUnit.SECONDS);
                Arrays.sort(times);
                assertThat(times[times.length / 2]).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
                assertThat(times[times.length - 1]).isLessThan(Handshake.BOUND.toNanos());
            } finally {
                for (SocketChannel peer : slow) {
                    peer.close();
                }
            }
        }
    }

    @Test
    @Tag("N2")
    void a_peer_that_stalls_is_closed_when_its_time_is_over() throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen("tcp", directory))) {
            FutureTask<MessageChannel> accepting = Places.start(() -> listener.accept(Duration.ofSeconds(3)));
            try (SocketChannel peer = Places.dial(listener.spec())) {
                long startNs = System.nanoTime();
                Places.read(peer, 64);
                assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(System.nanoTime() - startNs)
                        .isBetween(Handshake.BOUND.toNanos() - 200_000_000, BOUND.toNanos());
            }
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> accepting.get(20, TimeUnit.SECONDS))
                    .withMessageContaining("the last who tried was turned away");
        }
    }

    @Test
    @Tag("N3")
    void a_flood_of_peers_costs_no_more_than_the_pending_ones() throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen("tcp", directory))) {
            FutureTask<Integer> accepting = Places.start(() -> {
                listener.accept(BOUND).close();
                return Thread.activeCount();
            });
            int most = 0;
            int threads = Thread.activeCount();
            List<SocketChannel> peers = new ArrayList<>();
            for (int k = 0; k < FLOOD; k++) {
                peers.add(Places.dial(listener.spec()));
                if (peers.size() == 100) {
                    most = Math.max(most, descriptors() - peers.size());
                    for (SocketChannel peer : peers) {
                        peer.close();
                    }
                    peers.clear();
                }
            }
            int atRest = descriptors();
            Places.join(listener.spec()).close();
            assertThat(accepting.get(20, TimeUnit.SECONDS)).isLessThanOrEqualTo(threads + 1);
            assertThat(most).isLessThan(atRest + SocketListener.MAX_PENDING + 10);
        }
    }

    @Test
    @Tag("N4")
    void nothing_but_the_token_opens_the_door() throws Exception {
        Path tokenFile = Places.tokenFile(directory);
        try (MessageChannelListener listener = provider.listen(Places.listen("tcp", directory))) {
            FutureTask<MessageChannel> accepting = Places.start(() -> listener.accept(BOUND));
            for (int k = 0; k < 300; k++) {
                try (SocketChannel peer = Places.dial(listener.spec())) {
                    byte[] junk = new byte[1 + random.nextInt(200)];
                    random.nextBytes(junk);
                    peer.write(ByteBuffer.wrap(junk));
                }
            }
            byte[] other = new byte[16];
            byte[] refusal = new byte[33];
            refusal[0] = 2;
            for (int k = 0; k < 100; k++) {
                random.nextBytes(other);
                assertThat(verdict(listener.spec(), HandshakeToken.of(other))).isEqualTo(refusal);
            }
            assertThat(accepting.isDone()).isFalse();
            Places.join(listener.spec()).close();
            accepting.get(20, TimeUnit.SECONDS).close();
        }
        Files.delete(tokenFile);
    }

    @Test
    @Tag("N4")
    void who_squats_a_port_is_found_out_and_the_connector_says_so() throws Exception {
        ConnectionSpec real = Places.listen("tcp", directory);
        Path elsewhere = Files.createDirectory(directory.resolve("other"));
        Files.writeString(Places.tokenFile(elsewhere), "f".repeat(32));
        ConnectionSpec squat = ConnectionSpec.parse("tcp-listen://127.0.0.1:0?token-file=" + elsewhere + "/token");
        try (MessageChannelListener squatter = provider.listen(squat)) {
            FutureTask<MessageChannel> accepting = Places.start(() -> squatter.accept(Duration.ofSeconds(2)));
            ConnectionSpec victim = new ConnectionSpec("tcp", squatter.spec().target(), real.options());
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> provider.connect(victim, BOUND))
                    .satisfies(failure -> assertThat(failure.isA(TransportException.AUTH_FAILED))
                            .isTrue());
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> accepting.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    @Tag("N6")
    void a_reset_is_an_end_without_a_cause() throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen("tcp", directory))) {
            FutureTask<MessageChannel> accepted = Places.start(() -> listener.accept(BOUND));
            SocketChannel peer = Places.join(listener.spec());
            try (MessageChannel channel = accepted.get(20, TimeUnit.SECONDS)) {
                peer.setOption(StandardSocketOptions.SO_LINGER, 0);
                peer.close();
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
                assertThatExceptionOfType(TransportException.class)
                        .isThrownBy(() -> channel.poll((bytes, offset, length) -> {}, 1))
                        .withMessageContaining("ECONNRESET")
                        .satisfies(failure -> assertThat(failure.isA(TransportException.PEER_GONE))
                                .isTrue());
                assertThat(channel.poll((bytes, offset, length) -> {}, 1)).isEqualTo((int) MessageChannel.GONE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    @Tag("N7")
    void connections_come_and_go_and_leave_no_descriptor(String scheme) throws Exception {
        cycles(scheme, 20);
        int before = descriptors();
        cycles(scheme, "full".equals(System.getProperty("orcrt.rows")) ? 10_000 : 1_000);
        assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }

    @Test
    void a_close_ends_an_accept_and_takes_the_place_away() throws Exception {
        MessageChannelListener listener = provider.listen(Places.listen("unix", directory));
        FutureTask<MessageChannel> accepting = Places.start(() -> listener.accept(BOUND));
        Path path = Path.of(listener.spec().target().substring(2));
        assertThat(path).exists();
        listener.close();
        listener.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> accepting.get(10, TimeUnit.SECONDS))
                .withMessageContaining("was closed");
        assertThat(path).doesNotExist();
        assertThatIOException().isThrownBy(() -> listener.accept(BOUND)).withMessageContaining("was closed");
        assertThatIOException().isThrownBy(() -> provider.connect(listener.spec(), BOUND));
    }

    private void cycles(String scheme, int count) throws Exception {
        try (MessageChannelListener listener = provider.listen(Places.listen(scheme, directory))) {
            FutureTask<Void> accepting = Places.start(() -> {
                for (int k = 0; k < count; k++) {
                    listener.accept(BOUND).close();
                }
                return null;
            });
            for (int k = 0; k < count; k++) {
                provider.connect(listener.spec(), BOUND).close();
            }
            accepting.get(60, TimeUnit.SECONDS);
        }
    }

    private static byte[] verdict(ConnectionSpec spec, HandshakeToken token) throws IOException {
        try (SocketChannel peer = Places.dial(spec)) {
            Handshake handshake = Handshake.connector(Places.TERMS, token);
            peer.write(ByteBuffer.wrap(handshake.outgoing()));
            byte[] hello = Places.read(peer, 64);
            handshake.receive(hello, 0, 64);
            peer.write(ByteBuffer.wrap(handshake.outgoing()));
            byte[] verdict = Places.read(peer, 33);
            assertThat(verdict[0]).as("the verdict").isEqualTo((byte) 2); // who is accepted would wait here for ever
            assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            return verdict;
        }
    }

    private static int descriptors() {
        return Math.toIntExact(ProcessMemory.now().descriptors());
    }

    private static void pass(MessageChannel from, MessageChannel to, byte[] frame) throws Exception {
        FutureTask<Void> sending = FdChannelTest.start(() -> {
            long at = from.tryClaim(frame.length);
            MemorySegment.copy(MemorySegment.ofArray(frame), 0, from.outgoing(), at, frame.length);
            from.commit(at, frame.length);
            from.flush(MessageChannel.CALL);
        });
        FrameStream.Expectation frames = new FrameStream(frame, List.of(frame.length)).expectation();
        receive(to, frames);
        assertThat(frames.frames()).isOne();
        FdChannelTest.finish(sending);
    }

    private static void receive(MessageChannel channel, FrameStream.Expectation frames) {
        long deadlineNs = System.nanoTime() + BOUND.toNanos();
        while (channel.poll(frames, 1) == 0) {
            assertThat(System.nanoTime()).as("bound").isLessThan(deadlineNs);
            channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
        }
    }
}
