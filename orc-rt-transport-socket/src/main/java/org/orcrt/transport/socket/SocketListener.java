// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.TransportException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.Handshake;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;

/// A listening socket. While somebody waits in [#accept], newcomers go through their handshakes side by side, on that
/// one thread: whoever stalls or fails is closed and keeps nobody else waiting. There are at most
/// [#MAX_PENDING] of them; one more, and the oldest has to go.
final class SocketListener implements MessageChannelListener {

    /// How many handshakes may be under way.
    static final int MAX_PENDING = 16;

    private static final int FIXED = 2;

    private final Sockets sockets;
    private final SocketConnector connector;
    private final ConnectionSpec spec;
    private final @Nullable UnixSocketFile file;
    private final int listening;
    private final int event;

    /// An array of `struct pollfd`: the listening socket, the event counter, the newcomers in their order.
    private final long pollfds;

    /// Held by whoever waits in `accept`, and by `close` for the last part.
    private final ReentrantLock inUse = new ReentrantLock();

    /// The oldest first. Guarded by `inUse`.
    private final ArrayDeque<Newcomer> pending = new ArrayDeque<>();

    /// Why the last newcomer was turned away. Guarded by `inUse`.
    private @Nullable Exception lastRefusal;

    private volatile boolean closed;

    private SocketListener(
            SocketConnector connector, Place place, int listening, int event, @Nullable UnixSocketFile file) {
        this.connector = connector;
        this.sockets = connector.sockets();
        this.listening = listening;
        this.event = event;
        this.file = file;
        this.spec = connector.where().spec().connecting(place.target());
        pollfds = NativeMemory.malloc((FIXED + MAX_PENDING) * 8L);
    }

    /// Takes the place.
    static SocketListener open(SocketConnector connector) throws IOException {
        Sockets sockets = connector.sockets();
        Place place = connector.where().place();
        if (place instanceof Place.Unix unix) {
            UnixSocketFile.prepare(sockets, unix);
        }
        int listening = sockets.listen(place);
        try {
            Place real = place instanceof Place.Tcp tcp ? new Place.Tcp(tcp.address(), sockets.port(listening)) : place;
            UnixSocketFile file = place instanceof Place.Unix unix ? UnixSocketFile.made(unix) : null;
            int event = (int) sockets.calls().eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
            if (event < 0) {
                throw new IOException("eventfd failed: " + Errno.text(event));
            }
            return new SocketListener(connector, real, listening, event, file);
        } catch (IOException | RuntimeException | Error failure) {
            sockets.calls().close(listening);
            throw failure;
        }
    }

    @Override
    public ConnectionSpec spec() {
        return spec;
    }

    @Override
    public MessageChannel accept(Duration timeout) throws IOException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        inUse.lock();
        try {
            while (!closed) {
                MessageChannel channel = advancePending();
                if (channel == null) {
                    channel = admit();
                }
                if (channel != null) {
                    return channel;
                }
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    throw new IOException(
                            "nobody came to " + spec + " within " + timeout
                                    + (lastRefusal == null ? "" : "; the last who tried was turned away"),
                            lastRefusal);
                }
                sleep(leftNs);
            }
            throw new IOException("the listener at " + spec + " was closed");
        } finally {
            inUse.unlock();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ring();
        inUse.lock();
        try {
            pending.forEach(newcomer -> sockets.calls().close(newcomer.fd()));
            pending.clear();
            if (file != null) {
                file.remove(); // before the close: afterwards somebody else may listen at that path
            }
            sockets.calls().close(listening);
            sockets.calls().close(event);
            NativeMemory.free(pollfds);
        } finally {
            inUse.unlock();
        }
    }

    /// Ends the sleep of whoever waits.
    private void ring() {
        long one = NativeMemory.malloc(Long.BYTES);
        try {
            NativeMemory.putLong(one, 1);
            sockets.calls().write(event, one, Long.BYTES);
        } finally {
            NativeMemory.free(one);
        }
    }

    /// Goes on with everybody who is under way.
    ///
    /// @return a channel to the first who is through, or `null`
    private @Nullable MessageChannel advancePending() {
        long nowNs = System.nanoTime();
        for (Iterator<Newcomer> all = pending.iterator(); all.hasNext(); ) {
            Newcomer newcomer = all.next();
            try {
                if (newcomer.advance()) {
                    all.remove();
                    return connector.channel(newcomer.fd(), newcomer.agreed(connector.limits()));
                }
                if (newcomer.isLate(nowNs)) {
                    throw new IOException("a peer did not end the handshake within " + Handshake.BOUND);
                }
            } catch (IOException | TransportException refused) {
                all.remove();
                turnAway(newcomer.fd(), refused);
            }
        }
        return null;
    }

    /// Lets in who waits, but never so many that nobody of them is asked before he has to go.
    ///
    /// @return a channel to a peer that needs no handshake, or `null`
    private @Nullable MessageChannel admit() throws IOException {
        for (int k = 0; k < MAX_PENDING / 2; k++) {
            int fd = sockets.accept(listening, connector.where().place());
            if (fd == -Errno.EMFILE || fd == -Errno.ENFILE || fd == -Errno.ENOMEM) {
                throw new IOException("cannot take a peer: " + Errno.text(fd) + "; raise the limit (ulimit -n)");
            }
            if (fd < 0) {
                return null; // nobody, or somebody who is gone already
            }
            try {
                connector.checkPeer(fd, System.nanoTime());
                if (connector.where().isLlvmPeer()) {
                    return connector.channel(fd, connector.limits());
                }
                begin(fd);
            } catch (IOException | TransportException refused) {
                turnAway(fd, refused);
            } catch (RuntimeException | Error bug) {
                connector.sockets().calls().close(fd);
                throw bug;
            }
        }
        return null;
    }

    private void begin(int fd) {
        if (pending.size() == MAX_PENDING) {
            turnAway(pending.removeFirst().fd(), new IOException("too many peers at once"));
        }
        Handshake handshake =
                Handshake.listener(connector.limits().terms(), connector.where().token());
        pending.addLast(new Newcomer(sockets, fd, handshake));
    }

    private void turnAway(int fd, Exception why) {
        lastRefusal = why;
        sockets.calls().close(fd);
    }

    /// Until somebody comes or says something, the oldest handshake is over its time, or the listener is closed.
    private void sleep(long leftNs) {
        long wakeNs = leftNs;
        NativeMemory.putLong(pollfds, FdChannel.pollfd(listening, Linux.POLLIN));
        NativeMemory.putLong(pollfds + 8, FdChannel.pollfd(event, Linux.POLLIN));
        int count = FIXED;
        for (Newcomer newcomer : pending) {
            NativeMemory.putLong(pollfds + 8L * count, FdChannel.pollfd(newcomer.fd(), Linux.POLLIN));
            count++;
            wakeNs = Math.min(wakeNs, Math.max(0, newcomer.deadlineNs() - System.nanoTime()));
        }
        sockets.calls().poll(pollfds, count, Sockets.milliseconds(wakeNs));
    }
}
