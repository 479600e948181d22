// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Effect;
import org.orcrt.testing.FaultyCalls.Fault;

/// How system calls fail: the error numbers of the manual pages (section 2), and those that a file system or a socket
/// adds.
final class FaultTable {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ETXTBSY = 26;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int EPIPE = 32;
    static final int ENAMETOOLONG = 36;
    static final int ELOOP = 40;
    static final int EOVERFLOW = 75;
    static final int EDESTADDRREQ = 89;
    static final int EOPNOTSUPP = 95;
    static final int ECONNRESET = 104;
    static final int ETIMEDOUT = 110;
    static final int EDQUOT = 122;

    private static final Map<String, List<Integer>> ERRNOS = Map.ofEntries(
            Map.entry(
                    "mmap", List.of(ENOMEM, EACCES, EAGAIN, EBADF, EINVAL, ENFILE, ENODEV, EOVERFLOW, EPERM, ETXTBSY)),
            Map.entry("mmapOver", List.of(ENOMEM, EAGAIN, EINVAL, EPERM)),
            Map.entry("mprotect", List.of(ENOMEM, EACCES, EINVAL)),
            Map.entry("munmap", List.of(EINVAL, ENOMEM)),
            Map.entry("madvise", List.of(EINVAL, EACCES, EAGAIN, EBADF, EIO, ENOMEM, EPERM)),
            Map.entry(
                    "open",
                    List.of(
                            EACCES,
                            EBUSY,
                            EDQUOT,
                            EEXIST,
                            EFAULT,
                            EFBIG,
                            EINTR,
                            EINVAL,
                            EISDIR,
                            ELOOP,
                            EMFILE,
                            ENAMETOOLONG,
                            ENFILE,
                            ENODEV,
                            ENOENT,
                            ENOMEM,
                            ENOSPC,
                            ENOTDIR,
                            ENXIO,
                            EOPNOTSUPP,
                            EOVERFLOW,
                            EPERM,
                            EROFS,
                            ETXTBSY,
                            EAGAIN)),
            Map.entry(
                    "ftruncate",
                    List.of(EFBIG, EACCES, EBADF, EINTR, EINVAL, EIO, EISDIR, ENOSPC, EPERM, EROFS, ETXTBSY)),
            Map.entry(
                    "unlink",
                    List.of(
                            EPERM,
                            EACCES,
                            EBUSY,
                            EFAULT,
                            EIO,
                            EISDIR,
                            ELOOP,
                            ENAMETOOLONG,
                            ENOENT,
                            ENOMEM,
                            ENOTDIR,
                            EROFS)),
            Map.entry("close", List.of(EINTR, EIO, ENOSPC, EDQUOT)),
            Map.entry("fcntl", List.of(EBADF, EINVAL)),
            Map.entry("read event", List.of(EAGAIN, EBADF, EINTR)),
            Map.entry("write event", List.of(EBADF, EAGAIN, EINTR)),
            Map.entry("eventfd", List.of(EMFILE, EINVAL, ENFILE, ENODEV, ENOMEM)),
            Map.entry("poll", List.of(ENOMEM, EFAULT, EINTR, EINVAL)),
            Map.entry("read", List.of(EIO, EAGAIN, EBADF, ECONNRESET, EFAULT, EINTR, EINVAL, EISDIR, ETIMEDOUT)),
            Map.entry(
                    "write",
                    List.of(
                            EPIPE,
                            EAGAIN,
                            EBADF,
                            ECONNRESET,
                            EDESTADDRREQ,
                            EDQUOT,
                            EFAULT,
                            EFBIG,
                            EINTR,
                            EINVAL,
                            EIO,
                            ENOSPC,
                            EPERM)));

    private FaultTable() {}

    /// Every way in which a call can fail.
    static List<Fault> faultsOf(Call call) {
        List<Fault> faults = new ArrayList<>();
        List<Integer> usual = ERRNOS.getOrDefault(call.name(), List.of());
        for (int errno : ERRNOS.getOrDefault(call.name() + " " + call.note(), usual)) {
            faults.add(new Fault(call.thread(), call.index(), errno, effectOf(call.name(), errno)));
            if (call.hasHalves()) {
                faults.add(new Fault(call.thread(), call.index(), errno, Effect.HALF));
            }
        }
        if (faults.isEmpty()) {
            throw new AssertionError("nobody has written down how " + call.name() + " fails");
        }
        return faults;
    }

    /// Linux gives a descriptor up whatever `close` says, and a name that is not there is gone.
    private static Effect effectOf(String name, int errno) {
        return name.equals("close") || name.equals("unlink") && errno == ENOENT ? Effect.DONE : Effect.NONE;
    }
}
