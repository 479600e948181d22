// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;

@Tag("N4")
class HandshakeTest {

    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 100_000;
    private static final HandshakeTerms LARGE = new HandshakeTerms(64 << 20, 4096);
    private static final HandshakeTerms SMALL = new HandshakeTerms(1 << 20, 8192);
    private static final HandshakeToken TOKEN = HandshakeToken.of("0123456789abcdef".getBytes());
    private static final HandshakeToken OTHER = HandshakeToken.of("0123456789abcdeg".getBytes());

    private final Random random = new Random(SEED);

    @Test
    void two_ends_with_one_token_agree_on_the_stricter_limits() {
        Pair pair = new Pair(TOKEN, TOKEN);
        pair.run(64);
        assertThat(pair.connector.agreed()).isEqualTo(new HandshakeTerms(1 << 20, 4096));
        assertThat(pair.listener.agreed()).isEqualTo(pair.connector.agreed());
        assertThat(pair.sent[0]).isEqualTo(96).isLessThanOrEqualTo(Handshake.MAX_BYTES);
        assertThat(pair.sent[1]).isEqualTo(97).isLessThanOrEqualTo(Handshake.MAX_BYTES);
        assertThat(pair.connector.wanted() + pair.listener.wanted()).isZero();
    }

    @Test
    void two_ends_without_a_token_agree_too() {
        Pair pair = new Pair(null, null);
        pair.run(64);
        assertThat(pair.connector.isDone() && pair.listener.isDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 63})
    void bytes_may_come_in_any_pieces(int piece) {
        Pair pair = new Pair(TOKEN, TOKEN);
        pair.run(piece);
        assertThat(pair.connector.isDone() && pair.listener.isDone()).isTrue();
    }

    @Test
    void a_transport_that_brings_more_than_is_wanted_has_a_bug() {
        Handshake end = Handshake.listener(LARGE, TOKEN);
        assertThat(end.wanted()).isEqualTo(64);
        assertThatIllegalArgumentException().isThrownBy(() -> end.receive(new byte[65], 0, 65));
        assertThatIllegalStateException().isThrownBy(end::agreed);
    }

    @Test
    void a_wrong_token_is_refused_and_both_ends_know() {
        Pair pair = new Pair(OTHER, TOKEN);
        assertRefused(() -> pair.run(64), TransportException.AUTH_FAILED, "does not know our token");
        byte[] verdict = pair.listener.outgoing();
        assertThat(verdict).isEqualTo(refusal());
        assertThat(pair.listener.isDone()).isFalse();
        assertRefused(
                () -> pair.connector.receive(verdict, 0, 33), TransportException.AUTH_FAILED, "the peer refused us");
        assertThat(pair.connector.isDone()).isFalse();
    }

    @Test
    void every_wrong_proof_gets_the_same_bytes_and_none_gets_in() {
        byte[] hello = Handshake.connector(LARGE, TOKEN).outgoing();
        for (int k = 0; k < ROUNDS / 10; k++) {
            Handshake listener = Handshake.listener(LARGE, TOKEN);
            listener.outgoing();
            listener.receive(hello, 0, 64);
            byte[] proof = new byte[32];
            random.nextBytes(proof);
            TransportException failure =
                    catchThrowableOfType(TransportException.class, () -> listener.receive(proof, 0, 32));
            if (failure == null || listener.isDone() || !Arrays.equals(listener.outgoing(), refusal())) {
                throw new AssertionError("seed %d, round %d".formatted(SEED, k));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_token_at_one_end_only_is_refused(boolean atConnector) {
        Pair pair = new Pair(atConnector ? TOKEN : null, atConnector ? null : TOKEN);
        assertRefused(() -> pair.run(64), TransportException.AUTH_FAILED, "give both ends the same token-file=");
    }

    @Test
    void what_is_said_back_to_an_end_proves_nothing() {
        Handshake end = Handshake.connector(LARGE, TOKEN);
        byte[] own = end.outgoing();
        assertRefused(() -> end.receive(own, 0, 64), TransportException.PROTOCOL_VIOLATION, "both ends connect");

        Handshake other = Handshake.connector(LARGE, TOKEN);
        byte[] turned = other.outgoing();
        turned[12] = 2;
        assertRefused(() -> other.receive(turned, 0, 64), TransportException.AUTH_FAILED, "repeats what we say");
    }

    /// A squatter that has no token sends the connector's own proof back.
    @Test
    void a_proof_does_not_serve_in_the_other_direction() {
        Handshake connector = Handshake.connector(LARGE, TOKEN);
        connector.outgoing();
        connector.receive(Handshake.listener(LARGE, TOKEN).outgoing(), 0, 64);
        byte[] verdict = new byte[33];
        verdict[0] = Handshake.ACCEPTED;
        System.arraycopy(connector.outgoing(), 0, verdict, 1, 32);
        assertRefused(
                () -> connector.receive(verdict, 0, 33), TransportException.AUTH_FAILED, "does not know our token");
    }

    @Test
    void what_served_once_does_not_serve_again() {
        Handshake connector = Handshake.connector(LARGE, TOKEN);
        Handshake first = Handshake.listener(LARGE, TOKEN);
        byte[] hello = connector.outgoing();
        connector.receive(first.outgoing(), 0, 64);
        first.receive(hello, 0, 64);
        byte[] proof = connector.outgoing();
        first.receive(proof, 0, 32);
        assertThat(first.isDone()).isTrue();

        Handshake second = Handshake.listener(LARGE, TOKEN);
        second.outgoing();
        second.receive(hello, 0, 64);
        assertRefused(() -> second.receive(proof, 0, 32), TransportException.AUTH_FAILED, "does not know our token");
    }

    @Test
    void another_version_is_named_and_the_connector_is_told() {
        byte[] hello = Handshake.connector(LARGE, TOKEN).outgoing();
        hello[8] = 2;
        hello[10] = 7;
        Handshake listener = Handshake.listener(LARGE, TOKEN);
        listener.outgoing();
        assertRefused(
                () -> listener.receive(hello, 0, 64),
                TransportException.VERSION_MISMATCH,
                "the peer speaks versions 2 to 7 and we speak 1");
        assertThat(listener.outgoing()).isEqualTo(refusal());
        hello[10] = 1;
        assertRefused(
                () -> Handshake.listener(LARGE, TOKEN).receive(hello, 0, 64),
                TransportException.PROTOCOL_VIOLATION,
                "its oldest version 2 is newer than its newest, 1");
    }

    /// Somebody between the ends who changes a bit of what they offer each other.
    @Test
    void every_changed_bit_of_either_hello_ends_it() {
        for (int side = 0; side < 2; side++) {
            for (int bit = 0; bit < 64 * 8; bit++) {
                Pair pair = new Pair(TOKEN, TOKEN);
                pair.flip(side, bit);
                TransportException failure = catchThrowableOfType(TransportException.class, () -> pair.run(64));
                if (failure == null || pair.listener.isDone()) {
                    throw new AssertionError("side " + side + ", bit " + bit + " made no difference");
                }
            }
        }
    }

    @Test
    void an_end_that_is_cut_off_at_any_byte_is_not_done() {
        for (int cut = 0; cut < 96; cut++) {
            Pair pair = new Pair(TOKEN, TOKEN);
            pair.runUntil(cut);
            assertThat(pair.listener.isDone()).as("cut at " + cut).isFalse();
            assertThat(pair.connector.isDone()).as("cut at " + cut).isFalse();
            assertThat(pair.listener.wanted()).isPositive();
        }
    }

    @Test
    void random_and_mutated_bytes_are_refused_with_a_text_that_tells_nothing() {
        byte[] good = Handshake.connector(LARGE, TOKEN).outgoing();
        for (int k = 0; k < ROUNDS; k++) {
            byte[] input = new byte[random.nextInt(128)];
            random.nextBytes(input);
            if (k % 2 == 0) {
                System.arraycopy(good, 0, input, 0, Math.min(good.length, input.length));
                for (int change = random.nextInt(4); change > 0 && input.length > 0; change--) {
                    input[random.nextInt(input.length)] = (byte) random.nextInt();
                }
            }
            if (isAccepted(input)) {
                throw new AssertionError("seed %d, round %d: accepted".formatted(SEED, k));
            }
        }
    }

    /// A target for a fuzzer: the first byte says which end gets the rest.
    ///
    /// @return whether an end took the bytes for those of a peer with the token
    static boolean isAccepted(byte[] input) {
        boolean connector = input.length > 0 && (input[0] & 1) == 0;
        Handshake end = connector ? Handshake.connector(LARGE, TOKEN) : Handshake.listener(LARGE, TOKEN);
        int sent = end.outgoing().length;
        try {
            for (int at = 0; at < input.length && end.wanted() > 0; ) {
                int part = Math.min(end.wanted(), input.length - at);
                end.receive(input, at, part);
                at += part;
                sent += end.outgoing().length;
            }
        } catch (TransportException refused) {
            sent += end.outgoing().length;
            if (end.wanted() != 0 || String.valueOf(refused.getMessage()).length() > 200) {
                throw new AssertionError(refused);
            }
        }
        if (sent > Handshake.MAX_BYTES) {
            throw new AssertionError("sent " + sent + " bytes");
        }
        return end.isDone();
    }

    private static byte[] refusal() {
        byte[] bytes = new byte[33];
        bytes[0] = Handshake.REFUSED;
        return bytes;
    }

    private static void assertRefused(Runnable work, TypeId kind, String text) {
        TransportException failure = catchThrowableOfType(TransportException.class, work::run);
        assertThat(failure).isNotNull().hasMessageContaining(text);
        assertThat(failure.isA(kind)).isTrue();
    }

    /// Two ends and the bytes between them.
    private static final class Pair {

        final Handshake connector;
        final Handshake listener;
        final int[] sent = new int[2];
        private final byte[][] flipped = {new byte[64], new byte[64]};

        Pair(@Nullable HandshakeToken first, @Nullable HandshakeToken second) {
            connector = Handshake.connector(LARGE, first);
            listener = Handshake.listener(SMALL, second);
        }

        /// Changes one bit of an end's hello on its way.
        void flip(int side, int bit) {
            flipped[side][bit / 8] = (byte) (1 << bit % 8);
        }

        void run(int piece) {
            while (!connector.isDone() || !listener.isDone()) {
                pass(0, connector.outgoing(), listener, piece);
                pass(1, listener.outgoing(), connector, piece);
            }
        }

        /// The connector's bytes up to `cut`, and everything that the listener says to that.
        void runUntil(int cut) {
            byte[] hello = connector.outgoing();
            pass(0, Arrays.copyOf(hello, Math.min(cut, 64)), listener, 64);
            pass(1, listener.outgoing(), connector, 64);
            pass(0, Arrays.copyOf(connector.outgoing(), Math.max(0, cut - 64)), listener, 64);
        }

        private void pass(int side, byte[] bytes, Handshake to, int piece) {
            for (int at = 0; at < bytes.length && sent[side] + at < 64; at++) {
                bytes[at] ^= flipped[side][sent[side] + at];
            }
            sent[side] += bytes.length;
            for (int at = 0; at < bytes.length; ) {
                int part = Math.min(piece, Math.min(bytes.length - at, to.wanted()));
                to.receive(bytes, at, part);
                at += part;
            }
        }
    }
}
