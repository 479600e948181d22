// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// Error numbers of Linux (`asm-generic/errno-base.h`, `errno.h`).
public final class Errno {

    /// Not permitted.
    public static final int EPERM = 1;
    /// No such file.
    public static final int ENOENT = 2;
    /// Interrupted by a signal.
    public static final int EINTR = 4;
    /// Bad descriptor.
    public static final int EBADF = 9;
    /// Try again.
    public static final int EAGAIN = 11;
    /// No memory, or too many mappings.
    public static final int ENOMEM = 12;
    /// Access denied.
    public static final int EACCES = 13;
    /// Bad address.
    public static final int EFAULT = 14;
    /// The file is there already.
    public static final int EEXIST = 17;
    /// Invalid argument.
    public static final int EINVAL = 22;
    /// The system has no more descriptors.
    public static final int ENFILE = 23;
    /// The process has no more descriptors.
    public static final int EMFILE = 24;
    /// The other end of the pipe is closed.
    public static final int EPIPE = 32;
    /// No such system call.
    public static final int ENOSYS = 38;
    /// The address is taken.
    public static final int EADDRINUSE = 98;
    /// The peer reset the connection.
    public static final int ECONNRESET = 104;

    /// Nobody listens there.
    public static final int ECONNREFUSED = 111;
    /// The connection is being made.
    public static final int EINPROGRESS = 115;

    private Errno() {}

    /// Says what a result of a system call means.
    ///
    /// @param result `-errno`
    /// @return for example `ENOMEM (errno 12)`
    public static String text(long result) {
        int number = (int) -result;
        String name = switch (number) {
            case EPERM -> "EPERM";
            case ENOENT -> "ENOENT";
            case EINTR -> "EINTR";
            case EBADF -> "EBADF";
            case EAGAIN -> "EAGAIN";
            case ENOMEM -> "ENOMEM";
            case EACCES -> "EACCES";
            case EFAULT -> "EFAULT";
            case EEXIST -> "EEXIST";
            case EINVAL -> "EINVAL";
            case ENFILE -> "ENFILE";
            case EMFILE -> "EMFILE";
            case 27 -> "EFBIG";
            case 28 -> "ENOSPC";
            case EPIPE -> "EPIPE";
            case ENOSYS -> "ENOSYS";
            case EADDRINUSE -> "EADDRINUSE";
            case 99 -> "EADDRNOTAVAIL";
            case ECONNRESET -> "ECONNRESET";
            case 110 -> "ETIMEDOUT";
            case ECONNREFUSED -> "ECONNREFUSED";
            case EINPROGRESS -> "EINPROGRESS";
            default -> "";
        };
        return name.isEmpty() ? "errno " + number : name + " (errno " + number + ")";
    }
}
