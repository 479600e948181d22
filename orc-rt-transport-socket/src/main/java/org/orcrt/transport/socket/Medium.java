// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SocketCalls;

/// How a channel treats its descriptors.
///
/// @param writeBytes how much one write takes
/// @param waitsFirst whether a write may block, so that the channel first waits for room
/// @param beforeRead done before each read
/// @param beforeClose done before the descriptors are closed
/// @param isAbandoned asked now and then while nothing comes, on the reader: whether nothing will come any more;
///     `null` if the medium itself tells that
record Medium(
        long writeBytes,
        boolean waitsFirst,
        Runnable beforeRead,
        Runnable beforeClose,
        @Nullable BooleanSupplier isAbandoned) {

    /// Descriptors that somebody else may have open too, so that their mode is not ours to change. A pipe or stream
    /// socket that polls writable takes `PIPE_BUF` bytes without blocking.
    static final Medium INHERITED = new Medium(4096, true, () -> {}, () -> {}, null);

    private static final long SOCKET_WRITE_BYTES = 1L << 20;

    /// A socket of our own, which does not block. A message leaves in one write if the kernel has room for it.
    static Medium ours(SocketCalls sockets, int fd) {
        return new Medium(SOCKET_WRITE_BYTES, false, () -> {}, () -> shutdown(sockets, fd), null);
    }

    /// A socket to one of LLVM's tools. They delay the second half of a message until we acknowledge the first, so
    /// that is done at once; and they do not always say when they are done, so that is looked after.
    static Medium llvm(SocketCalls sockets, int fd, @Nullable BooleanSupplier isAbandoned) {
        return new Medium(
                SOCKET_WRITE_BYTES,
                false,
                () -> sockets.setOption(fd, Linux.IPPROTO_TCP, Linux.TCP_QUICKACK, 1),
                () -> shutdown(sockets, fd),
                isAbandoned);
    }

    /// A child that JIT'd code forked may hold the socket: the peer must see the end all the same.
    private static void shutdown(SocketCalls sockets, int fd) {
        sockets.shutdown(fd, Linux.SHUT_RDWR);
    }
}
