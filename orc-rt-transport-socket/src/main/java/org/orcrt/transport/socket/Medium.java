// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SocketCalls;

/// How a channel treats its descriptors.
///
/// @param writeBytes how much one write takes
/// @param waitsFirst whether a write may block, so that the channel first waits for room
/// @param beforeRead done before each read
/// @param beforeClose done before the descriptors are closed
record Medium(long writeBytes, boolean waitsFirst, Runnable beforeRead, Runnable beforeClose) {

    /// Descriptors that somebody else may have open too, so that their mode is not ours to change. A pipe or stream
    /// socket that polls writable takes `PIPE_BUF` bytes without blocking.
    static final Medium INHERITED = new Medium(4096, true, () -> {}, () -> {});

    /// A socket of our own, which does not block. A message leaves in one write if the kernel has room for it.
    ///
    /// @param acknowledges whether the peer delays small writes until we acknowledge the last one, as LLVM's tools
    ///     do over TCP: then we do that at once
    static Medium socket(SocketCalls sockets, int fd, boolean acknowledges) {
        Runnable beforeRead =
                acknowledges ? () -> sockets.setOption(fd, Linux.IPPROTO_TCP, Linux.TCP_QUICKACK, 1) : () -> {};
        // a child that JIT'd code forked may hold the socket: the peer must see the end all the same
        return new Medium(1L << 20, false, beforeRead, () -> sockets.shutdown(fd, Linux.SHUT_RDWR));
    }
}
