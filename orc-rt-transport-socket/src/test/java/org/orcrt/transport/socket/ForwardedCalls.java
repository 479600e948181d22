// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.orcrt.ffm.SystemCalls;

/// The real system calls, counted by name. A test that needs a failing one overrides it.
class ForwardedCalls implements SystemCalls {

    private final SystemCalls real = SystemCalls.real();

    /// Guarded by itself.
    private final Map<String, Integer> counts = new TreeMap<>();

    /// How often each was made since the last time that this was asked.
    Map<String, Integer> takeCounts() {
        synchronized (counts) {
            Map<String, Integer> taken = new TreeMap<>(counts);
            counts.clear();
            return taken;
        }
    }

    private SystemCalls count(String name) {
        synchronized (counts) {
            counts.merge(name, 1, Integer::sum);
        }
        return real;
    }

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        return count("mmap").mmap(address, lengthBytes, protection, flags, fd);
    }

    @Override
    public long mmapOver(long address, long lengthBytes, int protection, int flags) {
        return count("mmapOver").mmapOver(address, lengthBytes, protection, flags);
    }

    @Override
    public long mprotect(long address, long lengthBytes, int protection) {
        return count("mprotect").mprotect(address, lengthBytes, protection);
    }

    @Override
    public long munmap(long address, long lengthBytes) {
        return count("munmap").munmap(address, lengthBytes);
    }

    @Override
    public long madvise(long address, long lengthBytes, int advice) {
        return count("madvise").madvise(address, lengthBytes, advice);
    }

    @Override
    public long read(int fd, long address, long lengthBytes) {
        return count("read").read(fd, address, lengthBytes);
    }

    @Override
    public long write(int fd, long address, long lengthBytes) {
        return count("write").write(fd, address, lengthBytes);
    }

    @Override
    public long open(long pathAddress, int flags, int mode) {
        return count("open").open(pathAddress, flags, mode);
    }

    @Override
    public long ftruncate(int fd, long lengthBytes) {
        return count("ftruncate").ftruncate(fd, lengthBytes);
    }

    @Override
    public long unlink(long pathAddress) {
        return count("unlink").unlink(pathAddress);
    }

    @Override
    public long close(int fd) {
        return count("close").close(fd);
    }

    @Override
    public long poll(long pollfdsAddress, int count, int timeoutMs) {
        return count("poll").poll(pollfdsAddress, count, timeoutMs);
    }

    @Override
    public long fcntl(int fd, int command, long argument) {
        return count("fcntl").fcntl(fd, command, argument);
    }

    @Override
    public long eventfd(int initial, int flags) {
        return count("eventfd").eventfd(initial, flags);
    }

    @Override
    public long memfdCreate(long nameAddress, int flags) {
        return count("memfd_create").memfdCreate(nameAddress, flags);
    }

    @Override
    public long readMemory(long address, MemorySegment to, long toOffset, long lengthBytes) {
        return count("process_vm_readv").readMemory(address, to, toOffset, lengthBytes);
    }

    @Override
    public long writeMemory(long address, MemorySegment from, long fromOffset, long lengthBytes) {
        return count("process_vm_writev").writeMemory(address, from, fromOffset, lengthBytes);
    }

    @Override
    public long gettid() {
        return count("gettid").gettid();
    }

    @Override
    public long tgkill(long thread, int signal) {
        return count("tgkill").tgkill(thread, signal);
    }

    @Override
    public void exitGroup(int status) {
        throw new UnsupportedOperationException("a test does not end the process");
    }
}
