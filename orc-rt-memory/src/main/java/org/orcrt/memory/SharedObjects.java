// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.orcrt.api.MemoryMapException.KIND;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// The shared memory objects of one map, with their names in `/dev/shm`. A name is good for one process that maps the
/// object; from then on the mappings keep the object alive.
final class SharedObjects {

    /// Where `shm_open` looks.
    private static final String DIRECTORY = "/dev/shm";

    /// What LLVM's executor gives: everything, and to the owner only.
    private static final int MODE = 0700;

    private static final int MAX_NAMES_TRIED = 100;

    private static final long PID = ProcessHandle.current().pid();

    /// The number in the next name. It begins anywhere: a process with our id in another container may share the
    /// directory, and neither may meet the other's names.
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 30));

    private final SystemCalls calls;
    private final ErrorReporter reporter;

    /// Names that may still be there, by slab; guarded by itself.
    private final Map<ExecutorAddress, String> names = new HashMap<>();

    /// Whether the controller is gone; guarded by `names`.
    private boolean isOver;

    SharedObjects(SystemCalls calls, ErrorReporter reporter) {
        this.calls = calls;
        this.reporter = reporter;
    }

    /// Makes an object of zeros and maps it, inaccessible.
    ///
    /// @param sizeBytes a multiple of the page size, unsigned, not 0
    /// @param wantedBytes what was asked for, for an error's text
    /// @return its address
    /// @throws org.orcrt.api.MemoryMapException if the system refuses
    ExecutorAddress map(long sizeBytes, long wantedBytes) {
        for (int tried = 1; true; tried++) {
            String name = "/jitlink_" + PID + "_" + Integer.toUnsignedString(NEXT.getAndIncrement());
            int flags = Linux.O_RDWR | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC;
            long fd = withPath(name, path -> uninterrupted(() -> calls.open(path, flags, MODE)));
            if (fd >= 0) {
                return map((int) fd, name, sizeBytes, wantedBytes);
            }
            if (fd != -Errno.EEXIST || tried == MAX_NAMES_TRIED) {
                throw new MemoryMapException(
                        MemoryMapException.RESERVE,
                        "reserve: open of %s%s failed: %s; shared memory needs a writable tmpfs at %s"
                                .formatted(DIRECTORY, name, Errno.text(fd), DIRECTORY));
            }
        }
    }

    private ExecutorAddress map(int fd, String name, long sizeBytes, long wantedBytes) {
        boolean done = false;
        try {
            String call = "ftruncate";
            long result = uninterrupted(() -> calls.ftruncate(fd, sizeBytes));
            if (result >= 0) {
                call = "mmap";
                result = calls.mmap(0, sizeBytes, Linux.PROT_NONE, Linux.MAP_SHARED, fd);
            }
            if (result < 0) {
                throw Mappings.refused(call, wantedBytes, result, Mappings.TOO_MUCH);
            }
            ExecutorAddress slab = new ExecutorAddress(result);
            done = remember(slab, name);
            return slab;
        } finally {
            calls.close(fd); // whatever it says, the descriptor is closed
            if (!done) {
                unlink(name);
            }
        }
    }

    private boolean remember(ExecutorAddress slab, String name) {
        synchronized (names) {
            if (!isOver) {
                names.put(slab, name);
            }
            return !isOver;
        }
    }

    /// The name of a slab that is mapped.
    ///
    /// @throws org.orcrt.api.MemoryMapException if there is none
    String nameOf(ExecutorAddress slab) {
        synchronized (names) {
            String name = names.get(slab);
            if (name == null) {
                throw new MemoryMapException(
                        KIND,
                        "reserve: slab %s has no name: it is released or of 0 bytes, or the controller is gone"
                                .formatted(slab));
            }
            return name;
        }
    }

    /// A slab is about to go. Does nothing for one without a name.
    void forget(ExecutorAddress slab) {
        String name;
        synchronized (names) {
            name = names.remove(slab);
        }
        if (name != null) {
            unlink(name);
        }
    }

    /// Nobody will map a slab by its name any more, neither one that is there nor one to come.
    void unlinkAll() {
        List<String> left;
        synchronized (names) {
            isOver = true;
            left = List.copyOf(names.values());
            names.clear();
        }
        left.forEach(this::unlink);
    }

    /// Most names are gone already: the controller takes them away as soon as it has mapped the object.
    private void unlink(String name) {
        long result = withPath(name, calls::unlink);
        if (result < 0 && result != -Errno.ENOENT) {
            reporter.report(new MemoryMapException(
                    KIND,
                    "unlink of %s%s failed: %s; remove it by hand".formatted(DIRECTORY, name, Errno.text(result))));
        }
    }

    /// Makes a call again that a signal has interrupted.
    private static long uninterrupted(LongSupplier call) {
        long result = call.getAsLong();
        while (result == -Errno.EINTR) {
            result = call.getAsLong();
        }
        return result;
    }

    private static long withPath(String name, PathCall call) {
        long path = NativeMemory.mallocCString(DIRECTORY + name);
        try {
            return call.on(path);
        } finally {
            NativeMemory.free(path);
        }
    }

    /// A system call on a path.
    @FunctionalInterface
    private interface PathCall {

        long on(long pathAddress);
    }
}
