// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// The real system calls.
final class KernelSystemCalls implements SystemCalls {

    static final SystemCalls INSTANCE = new KernelSystemCalls(
            MachineCode.isAvailable() ? new ThunkSystemCalls() : new LibcSystemCalls(),
            ProcessHandle.current().pid());

    /// A `struct iovec`: address and length.
    private static final long IOVEC_BYTES = 16;

    private final RawSystemCalls raw;
    private final long pid;

    KernelSystemCalls(RawSystemCalls raw, long pid) {
        this.raw = raw;
        this.pid = pid;
    }

    @Override
    public long mmap(long address, long lengthBytes, int protection, int flags, int fd) {
        long mapped = raw.call(SystemCall.MMAP, address, lengthBytes, protection, flags, fd, 0);
        if (mapped > 0) {
            MappedMemory.add(mapped, lengthBytes);
        }
        return mapped;
    }

    @Override
    public long mmapOver(long address, long lengthBytes, int protection, int flags) {
        int all = flags | Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED;
        return raw.call(SystemCall.MMAP, address, lengthBytes, protection, all, -1, 0);
    }

    @Override
    public long mprotect(long address, long lengthBytes, int protection) {
        return raw.call(SystemCall.MPROTECT, address, lengthBytes, protection, 0, 0, 0);
    }

    @Override
    public long munmap(long address, long lengthBytes) {
        Map<Long, Long> ours = MappedMemory.remove(address, lengthBytes);
        long result = raw.call(SystemCall.MUNMAP, address, lengthBytes, 0, 0, 0, 0);
        if (result < 0) {
            ours.forEach(MappedMemory::add);
        }
        return result;
    }

    @Override
    public long madvise(long address, long lengthBytes, int advice) {
        return raw.call(SystemCall.MADVISE, address, lengthBytes, advice, 0, 0, 0);
    }

    @Override
    public long read(int fd, long address, long lengthBytes) {
        return raw.call(SystemCall.READ, fd, address, lengthBytes, 0, 0, 0);
    }

    @Override
    public long write(int fd, long address, long lengthBytes) {
        return raw.call(SystemCall.WRITE, fd, address, lengthBytes, 0, 0, 0);
    }

    @Override
    public long open(long pathAddress, int flags, int mode) {
        return raw.call(SystemCall.OPEN, pathAddress, flags, mode, 0, 0, 0);
    }

    @Override
    public long ftruncate(int fd, long lengthBytes) {
        return raw.call(SystemCall.FTRUNCATE, fd, lengthBytes, 0, 0, 0, 0);
    }

    @Override
    public long unlink(long pathAddress) {
        return raw.call(SystemCall.UNLINK, pathAddress, 0, 0, 0, 0, 0);
    }

    @Override
    public long close(int fd) {
        return raw.call(SystemCall.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public long poll(long pollfdsAddress, int count, int timeoutMs) {
        return raw.call(SystemCall.POLL, pollfdsAddress, count, timeoutMs, 0, 0, 0);
    }

    @Override
    public long fcntl(int fd, int command, long argument) {
        return raw.call(SystemCall.FCNTL, fd, command, argument, 0, 0, 0);
    }

    @Override
    public long eventfd(int initial, int flags) {
        // the raw call is eventfd2, which the C library's eventfd(value, flags) also makes
        return raw.call(SystemCall.EVENTFD, initial, flags, 0, 0, 0, 0);
    }

    @Override
    public long memfdCreate(long nameAddress, int flags) {
        return raw.call(SystemCall.MEMFD_CREATE, nameAddress, flags, 0, 0, 0, 0);
    }

    @Override
    public long readMemory(long address, MemorySegment to, long toOffset, long lengthBytes) {
        return transfer(SystemCall.PROCESS_VM_READV, address, to, toOffset, lengthBytes);
    }

    @Override
    public long writeMemory(long address, MemorySegment from, long fromOffset, long lengthBytes) {
        return transfer(SystemCall.PROCESS_VM_WRITEV, address, from, fromOffset, lengthBytes);
    }

    @Override
    public long gettid() {
        return raw.call(SystemCall.GETTID, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public long tgkill(long thread, int signal) {
        return raw.call(SystemCall.TGKILL, pid, thread, signal, 0, 0, 0);
    }

    @Override
    public void exitGroup(int status) {
        raw.call(SystemCall.EXIT_GROUP, status, 0, 0, 0, 0, 0);
    }

    /// `process_vm_readv` and `process_vm_writev` on ourselves: the kernel checks the far address for us. The near side
    /// must be native, so bytes of a heap segment pass through a block.
    private long transfer(SystemCall call, long address, MemorySegment near, long nearOffset, long lengthBytes) {
        boolean copied = !near.isNative();
        long block = NativeMemory.malloc(2 * IOVEC_BYTES + (copied ? lengthBytes : 0));
        try {
            long nearAddress = copied ? block + 2 * IOVEC_BYTES : near.address() + nearOffset;
            if (copied && call == SystemCall.PROCESS_VM_WRITEV) {
                MemorySegment.copy(near, nearOffset, NativeMemory.ALL, nearAddress, lengthBytes);
            }
            NativeMemory.putLong(block, nearAddress);
            NativeMemory.putLong(block + 8, lengthBytes);
            NativeMemory.putLong(block + IOVEC_BYTES, address);
            NativeMemory.putLong(block + IOVEC_BYTES + 8, lengthBytes);
            long done = raw.call(call, pid, block, 1, block + IOVEC_BYTES, 1, 0);
            if (copied && call == SystemCall.PROCESS_VM_READV && done > 0) {
                MemorySegment.copy(
                        NativeMemory.ALL,
                        ValueLayout.JAVA_BYTE,
                        nearAddress,
                        near,
                        ValueLayout.JAVA_BYTE,
                        nearOffset,
                        done);
            }
            return done;
        } finally {
            NativeMemory.free(block);
        }
    }
}
