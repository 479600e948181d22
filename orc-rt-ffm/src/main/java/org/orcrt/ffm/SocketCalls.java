// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// The system calls for sockets, one method each, so that tests can script failures. Every method returns a number not
/// below 0, or `-errno` ([Errno]); none throws and none retries. What a socket shares with other descriptors is in
/// [SystemCalls].
public interface SocketCalls {

    /// The kernel of this process.
    ///
    /// @return the real system calls
    static SocketCalls real() {
        return KernelSocketCalls.INSTANCE;
    }

    /// Makes a socket.
    ///
    /// @param family an `AF_` value of [Linux]
    /// @param type `SOCK_` bits of [Linux]
    /// @return a descriptor, or `-errno`
    long socket(int family, int type);

    /// Connects a socket.
    ///
    /// @param fd the descriptor
    /// @param address a `struct sockaddr`
    /// @param addressBytes its length
    /// @return 0, or `-errno`; `-EINPROGRESS` if the socket does not block and it is not done
    long connect(int fd, long address, int addressBytes);

    /// Gives a socket a place.
    ///
    /// @param fd the descriptor
    /// @param address a `struct sockaddr`
    /// @param addressBytes its length
    /// @return 0, or `-errno`
    long bind(int fd, long address, int addressBytes);

    /// Lets peers connect.
    ///
    /// @param fd the descriptor
    /// @param backlog how many may wait to be accepted
    /// @return 0, or `-errno`
    long listen(int fd, int backlog);

    /// Takes one peer.
    ///
    /// @param fd the listening descriptor
    /// @param flags `SOCK_NONBLOCK` and `SOCK_CLOEXEC` of [Linux]
    /// @return a new descriptor, or `-errno`
    long accept(int fd, int flags);

    /// Tells a socket's own address.
    ///
    /// @param fd the descriptor
    /// @param address where a `struct sockaddr` goes
    /// @param lengthAddress an `int`: how much room there is; then how long the address is
    /// @return 0, or `-errno`
    long localAddress(int fd, long address, long lengthAddress);

    /// Sets an option that is an `int`.
    ///
    /// @param fd the descriptor
    /// @param level `SOL_SOCKET` or `IPPROTO_TCP` of [Linux]
    /// @param option an option of that level
    /// @param value its value
    /// @return 0, or `-errno`
    long setOption(int fd, int level, int option, int value);

    /// Reads an option of `SOL_SOCKET`.
    ///
    /// @param fd the descriptor
    /// @param option which
    /// @param value where it goes
    /// @param lengthAddress an `int`: how much room there is; then how long the value is
    /// @return 0, or `-errno`
    long option(int fd, int option, long value, long lengthAddress);

    /// Ends what a socket sends or receives, for every process that has it open.
    ///
    /// @param fd the descriptor
    /// @param how a `SHUT_` value of [Linux]
    /// @return 0, or `-errno`
    long shutdown(int fd, int how);

    /// Tells whose rights this process has.
    ///
    /// @return a user's number
    long effectiveUser();
}
