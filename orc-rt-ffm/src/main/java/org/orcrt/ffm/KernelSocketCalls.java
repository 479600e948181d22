// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.ValueLayout;

/// The real system calls for sockets.
final class KernelSocketCalls implements SocketCalls {

    static final SocketCalls INSTANCE =
            new KernelSocketCalls(MachineCode.isAvailable() ? new ThunkSystemCalls() : new LibcSystemCalls());

    private final RawSystemCalls raw;

    KernelSocketCalls(RawSystemCalls raw) {
        this.raw = raw;
    }

    @Override
    public long socket(int family, int type) {
        return raw.call(SystemCall.SOCKET, family, type, 0, 0, 0, 0);
    }

    @Override
    public long connect(int fd, long address, int addressBytes) {
        return raw.call(SystemCall.CONNECT, fd, address, addressBytes, 0, 0, 0);
    }

    @Override
    public long bind(int fd, long address, int addressBytes) {
        return raw.call(SystemCall.BIND, fd, address, addressBytes, 0, 0, 0);
    }

    @Override
    public long listen(int fd, int backlog) {
        return raw.call(SystemCall.LISTEN, fd, backlog, 0, 0, 0, 0);
    }

    @Override
    public long accept(int fd, int flags) {
        return raw.call(SystemCall.ACCEPT4, fd, 0, 0, flags, 0, 0);
    }

    @Override
    public long localAddress(int fd, long address, long lengthAddress) {
        return raw.call(SystemCall.GETSOCKNAME, fd, address, lengthAddress, 0, 0, 0);
    }

    @Override
    public long setOption(int fd, int level, int option, int value) {
        long block = NativeMemory.malloc(Integer.BYTES);
        try {
            NativeMemory.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, block, value);
            return raw.call(SystemCall.SETSOCKOPT, fd, level, option, block, Integer.BYTES, 0);
        } finally {
            NativeMemory.free(block);
        }
    }

    @Override
    public long option(int fd, int option, long value, long lengthAddress) {
        return raw.call(SystemCall.GETSOCKOPT, fd, Linux.SOL_SOCKET, option, value, lengthAddress, 0);
    }

    @Override
    public long shutdown(int fd, int how) {
        return raw.call(SystemCall.SHUTDOWN, fd, how, 0, 0, 0, 0);
    }

    @Override
    public long effectiveUser() {
        return raw.call(SystemCall.GETEUID, 0, 0, 0, 0, 0, 0);
    }
}
