// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// The system calls that we make: their numbers on Linux x86-64 (`asm/unistd_64.h`) and their names in the C library.
enum SystemCall {
    READ(0, "read", false),
    WRITE(1, "write", false),
    OPEN(2, "open", true),
    CLOSE(3, "close", true),
    POLL(7, "poll", true),
    MMAP(9, "mmap", false),
    MPROTECT(10, "mprotect", true),
    MUNMAP(11, "munmap", true),
    MADVISE(28, "madvise", true),
    SOCKET(41, "socket", true),
    CONNECT(42, "connect", true),
    SHUTDOWN(48, "shutdown", true),
    BIND(49, "bind", true),
    LISTEN(50, "listen", true),
    GETSOCKNAME(51, "getsockname", true),
    SETSOCKOPT(54, "setsockopt", true),
    GETSOCKOPT(55, "getsockopt", true),
    FCNTL(72, "fcntl", true),
    FTRUNCATE(77, "ftruncate", true),
    UNLINK(87, "unlink", true),
    GETEUID(107, "geteuid", true),
    GETTID(186, "gettid", true),
    EXIT_GROUP(231, "_exit", true),
    TGKILL(234, "tgkill", true),
    ACCEPT4(288, "accept4", true),
    EVENTFD(290, "eventfd", true),
    PROCESS_VM_READV(310, "process_vm_readv", false),
    PROCESS_VM_WRITEV(311, "process_vm_writev", false),
    MEMFD_CREATE(319, "memfd_create", true);

    final int x64Number;
    final String symbol;
    final boolean returnsInt;

    SystemCall(int x64Number, String symbol, boolean returnsInt) {
        this.x64Number = x64Number;
        this.symbol = symbol;
        this.returnsInt = returnsInt;
    }
}
