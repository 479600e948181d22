// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.spi.Handshake;
import org.orcrt.spi.MessageChannel;

/// What both ways to get a socket have in common: see who is at the other end, and make a channel.
///
/// @param sockets the kernel's
/// @param where what the spec says
/// @param limits what we offer
record SocketConnector(Sockets sockets, SocketSpec where, FdLimits limits) {

    private static final long LOOK_NS = 10_000_000;

    /// Goes to a peer that listens.
    MessageChannel connect(long deadlineNs) throws IOException {
        int fd = sockets.connect(where.place(), deadlineNs);
        try {
            checkPeer(fd, deadlineNs);
            if (where.isLlvmPeer()) {
                return channel(fd, limits);
            }
            Newcomer handshake = new Newcomer(sockets, fd, Handshake.connector(limits.terms(), where.token()));
            handshake.finish(deadlineNs);
            return channel(fd, handshake.agreed(limits));
        } catch (IOException | RuntimeException | Error failure) {
            sockets.calls().close(fd);
            throw failure;
        }
    }

    /// @param fd owned by the channel from now on, unless this throws
    MessageChannel channel(int fd, FdLimits agreed) {
        Medium medium = where.isLlvmPeer()
                ? Medium.llvm(sockets.sockets(), fd, PeerWatch.of(fd))
                : Medium.ours(sockets.sockets(), fd);
        return new FdChannel(sockets.calls(), fd, fd, agreed, medium);
    }

    /// Sees that the peer has our rights, where the kernel can tell and nothing better comes later.
    ///
    /// @throws TransportException of kind `AUTH_FAILED` if it has not
    /// @param deadlineNs how long a peer that listens may take to accept us; only then the kernel says whose it is
    void checkPeer(int fd, long deadlineNs) throws IOException {
        switch (where.place()) {
            case Place.Unix unix -> {
                long user = sockets.peerUser(fd);
                if (user < 0) {
                    throw new IOException(
                            "the kernel does not tell who is at " + unix.target() + ": " + Errno.text(user));
                }
                checkUser(user);
            }
            case Place.Tcp tcp -> {
                InetAddress address = tcp.address();
                if (where.isLlvmPeer() && address.isLoopbackAddress()) {
                    Optional<LoopbackPeer> peer = LoopbackPeer.of(fd);
                    while (peer.isEmpty() && deadlineNs - System.nanoTime() > 0) {
                        LockSupport.parkNanos(LOOK_NS);
                        peer = LoopbackPeer.of(fd);
                    }
                    checkUser(peer.orElseThrow(
                                    () -> new IOException("the peer at " + tcp.target() + " is gone, or nobody's"))
                            .user());
                }
            }
        }
    }

    private void checkUser(long user) {
        if (!sockets.isOurs(user)) {
            throw new TransportException(
                    TransportException.AUTH_FAILED,
                    "the peer is user %d and we are user %d; both ends must be the same user"
                            .formatted(user, sockets.sockets().effectiveUser()));
        }
    }
}
