// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;

/// The real system calls, written down, some of them refused: a refused call does not reach the kernel. Only calls that
/// map, protect, advise and unmap, and those that make shared memory and take its name away, are counted.
class ScriptedSystemCalls implements SystemCalls {

    private final SystemCalls real = SystemCalls.real();
    private final List<String> log = new ArrayList<>();
    private IntPredicate refused = index -> false;
    private int next;

    /// Runs after each call that maps, protects, advises or unmaps.
    private volatile Runnable afterwards = () -> {};

    /// Sizes of what is mapped and not yet unmapped, by address.
    private final Map<Long, Long> mapped = new TreeMap<>();

    private volatile ExecutorAddressRange lastAdvised =
            new ExecutorAddressRange(ExecutorAddress.NULL, ExecutorAddress.NULL);

    /// Paths that were opened, or were to be.
    private final List<String> paths = new CopyOnWriteArrayList<>();

    /// Forgets what was called, and refuses calls from now on.
    ///
    /// @param indexes which of the next calls, counted from 0
    synchronized void refuse(IntPredicate indexes) {
        log.clear();
        next = 0;
        refused = indexes;
    }

    synchronized void refuseNothing() {
        refuse(index -> false);
    }

    /// Has something happen after each call from now on that maps, protects, advises or unmaps.
    void afterEach(Runnable effect) {
        afterwards = effect;
    }

    private long done(long result) {
        afterwards.run();
        return result;
    }

    /// What was called since the last [#refuse(IntPredicate)].
    synchronized List<String> log() {
        return List.copyOf(log);
    }

    /// What is mapped, as the callers asked for it: the ledger that must be empty at the end.
    synchronized Map<Long, Long> mapped() {
        return Map.copyOf(mapped);
    }

    /// Paths that were opened, or were to be, from the beginning.
    List<String> paths() {
        return List.copyOf(paths);
    }

    private synchronized boolean refuses(String call) {
        log.add(call);
        return refused.test(next++);
    }

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        if (refuses("mmap " + protection)) {
            return -Errno.ENOMEM;
        }
        long result = real.mmap(address, lengthBytes, protection, flags, fd);
        synchronized (this) {
            if (result > 0) {
                mapped.put(result, lengthBytes);
            }
        }
        return done(result);
    }

    @Override
    public long mmapOver(long address, long lengthBytes, int protection, int flags) {
        return done(
                refuses("mmapOver " + protection)
                        ? -Errno.ENOMEM
                        : real.mmapOver(address, lengthBytes, protection, flags));
    }

    @Override
    public long mprotect(long address, long lengthBytes, int protection) {
        return done(
                refuses("mprotect " + protection) ? -Errno.ENOMEM : real.mprotect(address, lengthBytes, protection));
    }

    @Override
    public long munmap(long address, long lengthBytes) {
        if (refuses("munmap")) {
            return -Errno.EINVAL;
        }
        synchronized (this) {
            mapped.remove(address, lengthBytes); // before its address can come again
        }
        return done(real.munmap(address, lengthBytes));
    }

    /// The range of the last advice.
    ExecutorAddressRange lastAdvised() {
        return lastAdvised;
    }

    @Override
    public long madvise(long address, long lengthBytes, int advice) {
        lastAdvised =
                new ExecutorAddressRange(new ExecutorAddress(address), new ExecutorAddress(address + lengthBytes));
        return done(refuses("madvise " + advice) ? -Errno.EINVAL : real.madvise(address, lengthBytes, advice));
    }

    @Override
    public long read(int fd, long address, long lengthBytes) {
        return real.read(fd, address, lengthBytes);
    }

    @Override
    public long write(int fd, long address, long lengthBytes) {
        return real.write(fd, address, lengthBytes);
    }

    @Override
    public long open(long pathAddress, int flags, int mode) {
        paths.add(NativeMemory.cString(pathAddress));
        return refuses("open %o".formatted(mode)) ? -Errno.EEXIST : real.open(pathAddress, flags, mode);
    }

    @Override
    public long ftruncate(int fd, long lengthBytes) {
        return refuses("ftruncate") ? -Errno.EINVAL : real.ftruncate(fd, lengthBytes);
    }

    @Override
    public long unlink(long pathAddress) {
        return refuses("unlink") ? -Errno.EPERM : real.unlink(pathAddress);
    }

    @Override
    public long close(int fd) {
        return real.close(fd);
    }

    @Override
    public long poll(long pollfdsAddress, int count, int timeoutMs) {
        return real.poll(pollfdsAddress, count, timeoutMs);
    }

    @Override
    public long fcntl(int fd, int command, long argument) {
        return real.fcntl(fd, command, argument);
    }

    @Override
    public long eventfd(int initial, int flags) {
        return real.eventfd(initial, flags);
    }

    @Override
    public long memfdCreate(long nameAddress, int flags) {
        return real.memfdCreate(nameAddress, flags);
    }

    @Override
    public long readMemory(long address, MemorySegment to, long toOffset, long lengthBytes) {
        return real.readMemory(address, to, toOffset, lengthBytes);
    }

    @Override
    public long writeMemory(long address, MemorySegment from, long fromOffset, long lengthBytes) {
        return real.writeMemory(address, from, fromOffset, lengthBytes);
    }

    @Override
    public long gettid() {
        return real.gettid();
    }

    @Override
    public long tgkill(long thread, int signal) {
        return real.tgkill(thread, signal);
    }

    @Override
    public void exitGroup(int status) {
        throw new AssertionError("exit_group(" + status + ")");
    }
}
