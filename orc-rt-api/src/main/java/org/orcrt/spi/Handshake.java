// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TransportException;

/// How two ends of ours prove to each other, before the first frame, that both know the same token, and agree on a
/// version and on limits. A state machine: bytes in, bytes out, no input or output of its own, no clock. A transport
/// moves the bytes, within [#BOUND] in all, and hands out a channel when [#isDone()].
///
/// ```java
/// send(handshake.outgoing());
/// while (!handshake.isDone()) {
///     byte[] some = receiveAtMost(handshake.wanted());
///     handshake.receive(some, 0, some.length); // on a failure: send outgoing() all the same, then close
///     send(handshake.outgoing());
/// }
/// ```
///
/// `docs/handshake.md` has the layout. Neither end ever sends the token, or anything from which it could be found
/// without trying 2^127 tokens; an end that listens proves nothing to a peer that has not proved itself. Not
/// thread-safe.
public final class Handshake {

    /// The time for all of it.
    public static final Duration BOUND = Duration.ofSeconds(2);

    /// Neither end sends more than this.
    public static final int MAX_BYTES = 256;

    static final String MAC = "HmacSHA256";
    static final int HELLO_BYTES = 64;
    static final int PROOF_BYTES = 32;
    static final int VERSION = 1;
    static final byte ACCEPTED = 1;
    static final byte REFUSED = 2;

    private static final long MAGIC = ByteBuffer.wrap("orc-rt:\n".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int NONCE_AT = 32;
    private static final byte CONNECTOR = 1;
    private static final byte LISTENER = 2;
    private static final byte HAS_TOKEN = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Without a token the proofs show only that both ends saw the same bytes.
    private static final HandshakeToken NO_TOKEN = HandshakeToken.of(new byte[16]);

    private enum Wait {
        HELLO,
        PROOF,
        VERDICT,
        NOTHING,
        FAILED
    }

    private final byte role;
    private final HandshakeTerms ours;
    private final boolean hasToken;
    private final HandshakeToken token;
    private final byte[] hello;
    private byte[] peerHello = new byte[0];
    private byte[] outgoing;
    private byte[] incoming = new byte[HELLO_BYTES];
    private int received;
    private Wait wait = Wait.HELLO;
    private @Nullable HandshakeTerms agreed;

    private Handshake(byte role, HandshakeTerms ours, @Nullable HandshakeToken token) {
        this.role = role;
        this.ours = ours;
        this.hasToken = token != null;
        this.token = token == null ? NO_TOKEN : token;
        byte[] nonce = new byte[PROOF_BYTES];
        RANDOM.nextBytes(nonce);
        hello = ByteBuffer.allocate(HELLO_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putShort((short) VERSION) // the oldest that we speak
                .putShort((short) VERSION) // the newest
                .put(role)
                .put(hasToken ? HAS_TOKEN : 0)
                .putShort((short) 0)
                .putLong(ours.maxFrameBytes())
                .putInt(ours.maxInFlight())
                .putInt(0)
                .put(nonce)
                .array();
        outgoing = hello.clone();
    }

    /// Begins as the end that connects.
    ///
    /// @param ours what we accept
    /// @param token the secret, or `null` if the medium itself tells who the peer is
    /// @return a handshake whose first bytes are in [#outgoing()]
    public static Handshake connector(HandshakeTerms ours, @Nullable HandshakeToken token) {
        return new Handshake(CONNECTOR, ours, token);
    }

    /// Begins as the end that listens.
    ///
    /// @param ours what we accept
    /// @param token the secret, or `null` if the medium itself tells who the peer is
    /// @return a handshake whose first bytes are in [#outgoing()]
    public static Handshake listener(HandshakeTerms ours, @Nullable HandshakeToken token) {
        return new Handshake(LISTENER, ours, token);
    }

    /// Takes what is to be sent now. After a failure too: the peer is told that it is refused.
    ///
    /// @return the bytes, owned by the caller; empty if there are none
    public byte[] outgoing() {
        byte[] bytes = outgoing;
        outgoing = new byte[0];
        return bytes;
    }

    /// Tells how many bytes the next step needs. A transport that reads no more never reads a byte of the
    /// first frame.
    ///
    /// @return how many; 0 if nothing more is to come
    public int wanted() {
        return switch (wait) {
            case HELLO, PROOF, VERDICT -> incoming.length - received;
            case NOTHING, FAILED -> 0;
        };
    }

    /// Tells whether the peer has proved itself, and has accepted us.
    ///
    /// @return whether [#agreed()] may be asked; what is in [#outgoing()] must still be sent
    public boolean isDone() {
        return wait == Wait.NOTHING;
    }

    /// What both ends keep from now on.
    ///
    /// @return the stricter limits of both
    /// @throws IllegalStateException before it is done
    public HandshakeTerms agreed() {
        if (agreed == null || wait != Wait.NOTHING) {
            throw new IllegalStateException("the handshake is not done");
        }
        return agreed;
    }

    /// Takes bytes from the peer, copied before this method returns.
    ///
    /// @param bytes holds them
    /// @param offset the first one
    /// @param length how many, at most [#wanted()]
    /// @throws TransportException of kind `AUTH_FAILED`, `VERSION_MISMATCH` or `PROTOCOL_VIOLATION` if the
    ///     peer is not what it should be; send what is in [#outgoing()], then close
    /// @throws IllegalArgumentException if that is more than wanted
    public void receive(byte[] bytes, int offset, int length) {
        if (length > wanted()) {
            throw new IllegalArgumentException(
                    "%d bytes for a step of the handshake that wants %d".formatted(length, wanted()));
        }
        System.arraycopy(bytes, offset, incoming, received, length);
        received += length;
        if (length > 0 && wanted() == 0) {
            try {
                step();
            } catch (TransportException refused) {
                wait = Wait.FAILED;
                throw refused;
            }
        }
    }

    private void step() {
        switch (wait) {
            case HELLO -> onHello();
            case PROOF -> onProof();
            case VERDICT -> onVerdict();
            case NOTHING, FAILED -> throw new AssertionError(wait);
        }
    }

    private void onHello() {
        peerHello = incoming;
        ByteBuffer peer = ByteBuffer.wrap(peerHello).order(ByteOrder.LITTLE_ENDIAN);
        if (peer.getLong() != MAGIC) {
            throw violation("what came is no handshake of ours; for an LLVM tool write peer=llvm");
        }
        checkVersion(Short.toUnsignedInt(peer.getShort()), Short.toUnsignedInt(peer.getShort()));
        if (peer.get() != CONNECTOR + LISTENER - role) {
            throw violation("both ends " + (role == CONNECTOR ? "connect" : "listen"));
        }
        byte flags = peer.get();
        if ((flags & ~HAS_TOKEN) != 0 || peer.getShort() != 0) {
            throw violation("it has bits that version " + VERSION + " does not know");
        }
        agreed = ours.agree(terms(peer.getLong(), peer.getInt()));
        if (peer.getInt() != 0) {
            throw violation("it has bits that version " + VERSION + " does not know");
        }
        if (Arrays.equals(hello, NONCE_AT, HELLO_BYTES, peerHello, NONCE_AT, HELLO_BYTES)) {
            throw new TransportException(TransportException.AUTH_FAILED, "handshake: the peer repeats what we say");
        }
        if ((flags == HAS_TOKEN) != hasToken) {
            refuse();
            throw new TransportException(
                    TransportException.AUTH_FAILED,
                    "handshake: %s has a token and %s has none; give both ends the same token-file="
                            .formatted(hasToken ? "this end" : "the peer", hasToken ? "the peer" : "this end"));
        }
        if (role == CONNECTOR) {
            outgoing = proof(CONNECTOR);
            await(Wait.VERDICT, 1 + PROOF_BYTES);
        } else {
            await(Wait.PROOF, PROOF_BYTES);
        }
    }

    /// The listener's last step.
    private void onProof() {
        if (!MessageDigest.isEqual(incoming, proof(CONNECTOR))) {
            refuse();
            throw new TransportException(
                    TransportException.AUTH_FAILED, "handshake: the peer does not know our token; it is refused");
        }
        outgoing = ByteBuffer.allocate(1 + PROOF_BYTES)
                .put(ACCEPTED)
                .put(proof(LISTENER))
                .array();
        await(Wait.NOTHING, 0);
    }

    /// The connector's last step.
    private void onVerdict() {
        if (incoming[0] == REFUSED) {
            throw new TransportException(
                    TransportException.AUTH_FAILED,
                    "handshake: the peer refused us; give both ends the same token-file=");
        }
        if (incoming[0] != ACCEPTED) {
            throw violation("its verdict is " + incoming[0]);
        }
        if (!MessageDigest.isEqual(Arrays.copyOfRange(incoming, 1, incoming.length), proof(LISTENER))) {
            throw new TransportException(
                    TransportException.AUTH_FAILED,
                    "handshake: who listens there does not know our token, so it is not the one we look for");
        }
        await(Wait.NOTHING, 0);
    }

    /// The same bytes whatever was wrong. The end that connects just goes.
    private void refuse() {
        if (role == LISTENER) {
            outgoing = ByteBuffer.allocate(1 + PROOF_BYTES).put(REFUSED).array();
        }
    }

    private void await(Wait next, int bytes) {
        wait = next;
        incoming = new byte[bytes];
        received = 0;
    }

    private void checkVersion(int oldest, int newest) {
        if (oldest > newest) {
            throw violation("its oldest version " + oldest + " is newer than its newest, " + newest);
        }
        if (oldest > VERSION || newest < VERSION) {
            refuse();
            throw new TransportException(
                    TransportException.VERSION_MISMATCH,
                    "handshake: the peer speaks versions %d to %d and we speak %d; update the older end"
                            .formatted(oldest, newest, VERSION));
        }
    }

    private static HandshakeTerms terms(long maxFrameBytes, int maxInFlight) {
        try {
            return new HandshakeTerms(maxFrameBytes, maxInFlight);
        } catch (IllegalArgumentException outOfRange) {
            throw violation(String.valueOf(outOfRange.getMessage()));
        }
    }

    private static TransportException violation(String what) {
        return new TransportException(
                TransportException.PROTOCOL_VIOLATION, "protocol violation in the peer's handshake: " + what);
    }

    /// What only an end with the token can make, of everything that was said: a label, the connector's hello, the
    /// listener's hello. The label keeps one end's proof from serving as the other's.
    private byte[] proof(byte by) {
        try {
            Mac mac = Mac.getInstance(MAC);
            token.init(mac);
            mac.update((by == CONNECTOR ? "orc-rt connector" : "orc-rt listener ").getBytes(StandardCharsets.US_ASCII));
            mac.update(role == CONNECTOR ? hello : peerHello);
            mac.update(role == CONNECTOR ? peerHello : hello);
            return mac.doFinal();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + MAC + ", which every JDK must have", missing);
        }
    }
}
