// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// Constants of Linux, with their names in the C headers. (`MAP_`, `MADV_` and `O_` values are those of x86-64 and
/// aarch64.)
public final class Linux {

    /// No access.
    public static final int PROT_NONE = 0;
    /// May be read.
    public static final int PROT_READ = 1;
    /// May be written.
    public static final int PROT_WRITE = 2;
    /// May be run.
    public static final int PROT_EXEC = 4;

    /// Writes are seen by whoever maps the same file.
    public static final int MAP_SHARED = 0x01;
    /// Writes stay in this process.
    public static final int MAP_PRIVATE = 0x02;
    /// Replaces what is mapped there.
    public static final int MAP_FIXED = 0x10;
    /// Not backed by a file.
    public static final int MAP_ANONYMOUS = 0x20;
    /// Takes no swap space in advance.
    public static final int MAP_NORESERVE = 0x4000;

    /// The content is not needed any more; the next access finds zeros.
    public static final int MADV_DONTNEED = 4;

    /// The content of a shared file is not needed any more: the next access finds zeros, in every process.
    public static final int MADV_REMOVE = 9;

    /// Gives pages memory at once, as writing to each would; since Linux 5.14.
    public static final int MADV_POPULATE_WRITE = 23;

    /// For reading and writing.
    public static final int O_RDWR = 0x2;
    /// Makes the file if there is none.
    public static final int O_CREAT = 0x40;
    /// With [#O_CREAT]: there must be none, nor a link.
    public static final int O_EXCL = 0x80;
    /// A file that is closed in a program that is executed.
    public static final int O_CLOEXEC = 0x80000;

    /// There is something to read.
    public static final int POLLIN = 0x1;
    /// There is room to write.
    public static final int POLLOUT = 0x4;
    /// An error is pending.
    public static final int POLLERR = 0x8;
    /// The other end is closed.
    public static final int POLLHUP = 0x10;
    /// The descriptor is not open.
    public static final int POLLNVAL = 0x20;

    /// Reads a descriptor's own flags.
    public static final int F_GETFD = 1;
    /// Sets a descriptor's own flags.
    public static final int F_SETFD = 2;
    /// Reads a file's status flags.
    public static final int F_GETFL = 3;
    /// A descriptor that is closed in a program that is executed.
    public static final int FD_CLOEXEC = 1;

    /// Addresses of Unix sockets.
    public static final int AF_UNIX = 1;
    /// Addresses of IPv4.
    public static final int AF_INET = 2;
    /// Addresses of IPv6.
    public static final int AF_INET6 = 10;
    /// A stream of bytes.
    public static final int SOCK_STREAM = 1;
    /// A socket that does not block.
    public static final int SOCK_NONBLOCK = 0x800;
    /// A socket that is closed in a program that is executed.
    public static final int SOCK_CLOEXEC = 0x80000;
    /// Options of every socket.
    public static final int SOL_SOCKET = 1;
    /// An address may be taken again at once.
    public static final int SO_REUSEADDR = 2;
    /// What came of a connect.
    public static final int SO_ERROR = 4;
    /// Who is at the other end of a Unix socket: `struct ucred`, that is process, user and group.
    public static final int SO_PEERCRED = 17;
    /// Options of TCP.
    public static final int IPPROTO_TCP = 6;
    /// What is written leaves at once.
    public static final int TCP_NODELAY = 1;
    /// What came is acknowledged at once, until the kernel thinks otherwise.
    public static final int TCP_QUICKACK = 12;
    /// Neither read nor written any more.
    public static final int SHUT_RDWR = 2;

    /// An event counter that is closed in a program that is executed.
    public static final int EFD_CLOEXEC = 0x80000;
    /// An event counter that does not block.
    public static final int EFD_NONBLOCK = 0x800;
    /// A memory file that is closed in a program that is executed.
    public static final int MFD_CLOEXEC = 1;

    /// Symbols are bound at once.
    public static final int RTLD_NOW = 2;
    /// Symbols are there for every later look-up.
    public static final int RTLD_GLOBAL = 0x100;

    private Linux() {}
}
