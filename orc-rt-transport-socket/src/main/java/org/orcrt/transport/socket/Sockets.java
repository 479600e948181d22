// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SocketCalls;
import org.orcrt.ffm.SystemCalls;

/// Sockets of the kernel: made, connected, asked. None of them blocks, and none is inherited by a program that is
/// executed.
///
/// @param calls for every descriptor
/// @param sockets for sockets only
record Sockets(SystemCalls calls, SocketCalls sockets) {

    /// How many may wait to be accepted. One more has to try again, and TCP does that only after a second.
    private static final int BACKLOG = 128;

    private static final int TYPE = Linux.SOCK_STREAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
    private static final int LENGTH_AT = 120;
    private static final int BLOCK_BYTES = 128;

    /// How long to wait before trying again to get into a full queue.
    private static final int RETRY_MS = 5;

    static Sockets real() {
        return new Sockets(SystemCalls.real(), SocketCalls.real());
    }

    /// Reaches a place.
    ///
    /// @return a connected descriptor, owned by the caller
    int connect(Place place, long deadlineNs) throws IOException {
        int fd = open(place);
        try {
            long result = connectOnce(fd, place);
            while (result == -Errno.EAGAIN && System.nanoTime() - deadlineNs < 0) { // a unix socket's full queue
                calls.poll(0, 0, RETRY_MS);
                result = connectOnce(fd, place);
            }
            if (result == -Errno.EINPROGRESS) {
                if (await(fd, Linux.POLLOUT, deadlineNs) == 0) {
                    throw new IOException("nobody took the connection to " + place.target() + " in time");
                }
                result = -option(fd, Linux.SO_ERROR, Integer.BYTES);
            }
            checked("connect", place, result);
            prepare(fd, place);
            return fd;
        } catch (IOException | RuntimeException | Error failure) {
            calls.close(fd);
            throw failure;
        }
    }

    /// Listens at a place.
    ///
    /// @return a listening descriptor, owned by the caller
    int listen(Place place) throws IOException {
        int fd = open(place);
        try {
            if (place instanceof Place.Tcp) {
                sockets.setOption(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
            }
            checked("bind", place, withAddress(place, address -> sockets.bind(fd, address, place.bytes().length)));
            checked("listen", place, sockets.listen(fd, BACKLOG));
            return fd;
        } catch (IOException | RuntimeException | Error failure) {
            calls.close(fd);
            throw failure;
        }
    }

    /// Takes one peer of a listening descriptor.
    ///
    /// @return a descriptor, owned by the caller, or `-errno`
    int accept(int listening, Place place) {
        int fd = (int) sockets.accept(listening, Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC);
        if (fd >= 0) {
            prepare(fd, place);
        }
        return fd;
    }

    /// The port that a listening descriptor got.
    int port(int fd) throws IOException {
        long block = NativeMemory.malloc(BLOCK_BYTES);
        try {
            NativeMemory.putLong(block + LENGTH_AT, Place.MAX_BYTES);
            long result = sockets.localAddress(fd, block, block + LENGTH_AT);
            if (result < 0) {
                throw new IOException("getsockname failed: " + Errno.text(result));
            }
            byte[] address = new byte[8];
            MemorySegment.copy(NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, address, 0, address.length);
            return Place.Tcp.portOf(address);
        } finally {
            NativeMemory.free(block);
        }
    }

    /// Who made the other end of a unix socket.
    ///
    /// @return a user's number, or `-errno`
    long peerUser(int fd) {
        long credentials = option(fd, Linux.SO_PEERCRED, 12);
        return credentials < 0 ? credentials : credentials >>> 32;
    }

    boolean isOurs(long user) {
        return user == sockets.effectiveUser();
    }

    /// Waits for one descriptor.
    ///
    /// @return what is the case with it, or 0 if the time is over
    int await(int fd, int events, long deadlineNs) {
        long block = NativeMemory.malloc(Long.BYTES);
        try {
            while (true) {
                NativeMemory.putLong(block, FdChannel.pollfd(fd, events));
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    return 0;
                }
                if (calls.poll(block, 1, milliseconds(leftNs)) > 0) {
                    return FdChannel.returned(block);
                }
            }
        } finally {
            NativeMemory.free(block);
        }
    }

    static int milliseconds(long ns) {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(ns) + 1);
    }

    /// Tries once.
    ///
    /// @return 0, or `-errno`
    long connectOnce(int fd, Place place) {
        return withAddress(place, address -> sockets.connect(fd, address, place.bytes().length));
    }

    /// @return a descriptor, owned by the caller
    int open(Place place) throws IOException {
        long fd = sockets.socket(place.family(), TYPE);
        return (int) checked("socket", place, fd);
    }

    private void prepare(int fd, Place place) {
        if (place instanceof Place.Tcp) {
            sockets.setOption(fd, Linux.IPPROTO_TCP, Linux.TCP_NODELAY, 1);
        }
    }

    /// The first 8 bytes of an option, or `-errno`.
    private long option(int fd, int option, int bytes) {
        long block = NativeMemory.malloc(BLOCK_BYTES);
        try {
            NativeMemory.putLong(block, 0);
            NativeMemory.putLong(block + LENGTH_AT, bytes);
            long result = sockets.option(fd, option, block, block + LENGTH_AT);
            return result < 0 ? result : NativeMemory.getLong(block);
        } finally {
            NativeMemory.free(block);
        }
    }

    private static long checked(String call, Place place, long result) throws IOException {
        if (result >= 0) {
            return result;
        }
        String why = switch ((int) -result) {
            case Errno.ECONNREFUSED -> "; nobody listens there";
            case Errno.EADDRINUSE -> "; somebody listens there already";
            case Errno.ENOENT -> "; there is no such socket";
            default -> "";
        };
        throw new IOException(call + " " + place.target() + " failed: " + Errno.text(result) + why);
    }

    private static long withAddress(Place place, LongUnaryOperator use) {
        byte[] bytes = place.bytes();
        long block = NativeMemory.malloc(BLOCK_BYTES);
        try {
            MemorySegment.copy(bytes, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, block, bytes.length);
            return use.applyAsLong(block);
        } finally {
            NativeMemory.free(block);
        }
    }
}
