// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.Handshake;

/// A socket whose handshake is under way. One thread; nothing waits in here but [#finish].
final class Newcomer {

    private final Sockets sockets;
    private final int fd;
    private final Handshake handshake;

    /// When the time for the handshake is over.
    private final long deadlineNs;

    /// @param fd owned by the caller
    Newcomer(Sockets sockets, int fd, Handshake handshake) {
        this.sockets = sockets;
        this.fd = fd;
        this.handshake = handshake;
        this.deadlineNs = System.nanoTime() + Handshake.BOUND.toNanos();
    }

    int fd() {
        return fd;
    }

    boolean isLate(long nowNs) {
        return nowNs - deadlineNs >= 0;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    /// Sends what is due, and takes what has come and no byte more than the handshake wants.
    ///
    /// @return whether the handshake is done
    /// @throws IOException if the peer went away
    /// @throws TransportException if the peer is refused; it was told so
    boolean advance() throws IOException {
        send(handshake.outgoing());
        while (!handshake.isDone()) {
            byte[] some = new byte[handshake.wanted()];
            int got = receive(some);
            if (got < 0) {
                return false;
            }
            try {
                handshake.receive(some, 0, got);
            } catch (TransportException refused) {
                trySend(handshake.outgoing());
                throw refused;
            }
            send(handshake.outgoing());
        }
        return true;
    }

    /// Goes through all of it. A peer that is busy may take its time before it begins.
    ///
    /// @param patienceNs how long until the peer's first byte
    /// @throws IOException if the peer went away, or is too slow
    /// @throws TransportException if the peer is refused, or refuses us
    void finish(long patienceNs) throws IOException {
        send(handshake.outgoing());
        if (sockets.await(fd, Linux.POLLIN, patienceNs) == 0) {
            throw new IOException("the peer took the connection and said nothing in time; is it one of ours?");
        }
        long endNs = System.nanoTime() + Handshake.BOUND.toNanos();
        while (!advance()) {
            if (sockets.await(fd, Linux.POLLIN, endNs) == 0) {
                throw new IOException("the peer did not end the handshake within " + Handshake.BOUND);
            }
        }
    }

    FdLimits agreed(FdLimits limits) {
        return limits.agreed(handshake.agreed());
    }

    /// A socket without anything in it takes all that a handshake sends.
    private void send(byte[] bytes) throws IOException {
        long sent = trySend(bytes);
        if (sent != bytes.length) {
            throw new IOException("the peer went away in the handshake"
                    + (sent < 0 ? ": " + Errno.text(sent) : ", and takes nothing"));
        }
    }

    private long trySend(byte[] bytes) {
        if (bytes.length == 0) {
            return 0;
        }
        long block = NativeMemory.malloc(bytes.length);
        try {
            MemorySegment.copy(bytes, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes.length);
            return sockets.calls().write(fd, block, bytes.length);
        } finally {
            NativeMemory.free(block);
        }
    }

    /// @return how many bytes came, or -1 if there are none now
    private int receive(byte[] bytes) throws IOException {
        long block = NativeMemory.malloc(bytes.length);
        try {
            long got = sockets.calls().read(fd, block, bytes.length);
            if (got == -Errno.EAGAIN || got == -Errno.EINTR) {
                return -1;
            }
            if (got <= 0) {
                throw new IOException("the peer went away in the handshake" + (got < 0 ? ": " + Errno.text(got) : ""));
            }
            MemorySegment.copy(NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes, 0, (int) got);
            return (int) got;
        } finally {
            NativeMemory.free(block);
        }
    }
}
