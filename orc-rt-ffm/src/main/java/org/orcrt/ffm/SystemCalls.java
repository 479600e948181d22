// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/// The system calls that we make, one method each, so that tests can script failures. Every method returns a number not
/// below 0, or `-errno` ([Errno]); none throws and none retries.
public interface SystemCalls {

    /// The kernel of this process.
    ///
    /// @return the real system calls
    static SystemCalls real() {
        return KernelSystemCalls.INSTANCE;
    }

    /// What the real system calls have mapped and not unmapped, to find leaks. The pages of machine code, which stay
    /// for
    /// ever, are not counted.
    ///
    /// @return a copy: lengths in bytes, by address
    static Map<Long, Long> mappings() {
        return MappedMemory.snapshot();
    }

    /// Maps memory.
    ///
    /// @param address where, or 0
    /// @param lengthBytes how much
    /// @param protection `PROT_` bits of [Linux]
    /// @param flags `MAP_` bits of [Linux]
    /// @param fd what, or -1
    /// @return the mapping's address, or `-errno`
    long mmap(long address, long lengthBytes, int protection, int flags, int fd);

    /// Replaces what this process has mapped by new memory that is not backed by a file and zero. That does not make it
    /// one more of the [#mappings()].
    ///
    /// @param address a page's start
    /// @param lengthBytes how much, all of it mapped by [#mmap]
    /// @param protection `PROT_` bits of [Linux]
    /// @param flags `MAP_` bits of [Linux] besides [Linux#MAP_PRIVATE], [Linux#MAP_ANONYMOUS] and [Linux#MAP_FIXED]
    /// @return the address, or `-errno`
    long mmapOver(long address, long lengthBytes, int protection, int flags);

    /// Changes protection.
    ///
    /// @param address a page's start
    /// @param lengthBytes how much
    /// @param protection `PROT_` bits of [Linux]
    /// @return 0, or `-errno`
    long mprotect(long address, long lengthBytes, int protection);

    /// Unmaps memory.
    ///
    /// @param address a page's start
    /// @param lengthBytes how much
    /// @return 0, or `-errno`
    long munmap(long address, long lengthBytes);

    /// Advises the kernel.
    ///
    /// @param address a page's start
    /// @param lengthBytes how much
    /// @param advice a `MADV_` value of [Linux]
    /// @return 0, or `-errno`
    long madvise(long address, long lengthBytes, int advice);

    /// Reads from a descriptor.
    ///
    /// @param fd the descriptor
    /// @param address where to
    /// @param lengthBytes at most so much
    /// @return bytes read, 0 at the end, or `-errno`
    long read(int fd, long address, long lengthBytes);

    /// Writes to a descriptor.
    ///
    /// @param fd the descriptor
    /// @param address where from
    /// @param lengthBytes at most so much
    /// @return bytes written, or `-errno`
    long write(int fd, long address, long lengthBytes);

    /// Opens a file.
    ///
    /// @param pathAddress its path, a C string
    /// @param flags `O_` bits of [Linux]
    /// @param mode who may do what with a file that is made, less the process's umask
    /// @return a descriptor, or `-errno`
    long open(long pathAddress, int flags, int mode);

    /// Changes a file's length. What is added is zero and takes no memory until it is written.
    ///
    /// @param fd the descriptor
    /// @param lengthBytes the new length
    /// @return 0, or `-errno`
    long ftruncate(int fd, long lengthBytes);

    /// Takes a file's name away. The file lives on until nobody has it open or mapped.
    ///
    /// @param pathAddress its path, a C string
    /// @return 0, or `-errno`
    long unlink(long pathAddress);

    /// Closes a descriptor.
    ///
    /// @param fd the descriptor
    /// @return 0, or `-errno`
    long close(int fd);

    /// Waits for descriptors.
    ///
    /// @param pollfdsAddress an array of `struct pollfd`, 8 bytes each
    /// @param count how many
    /// @param timeoutMs at most so long; -1 for ever
    /// @return how many are ready, 0 if the time is over, or `-errno`
    long poll(long pollfdsAddress, int count, int timeoutMs);

    /// Asks or tells about a descriptor.
    ///
    /// @param fd the descriptor
    /// @param command an `F_` value of [Linux]
    /// @param argument what the command takes
    /// @return what the command gives, or `-errno`
    long fcntl(int fd, int command, long argument);

    /// Makes an event counter.
    ///
    /// @param initial its first value
    /// @param flags `EFD_` bits of [Linux]
    /// @return a descriptor, or `-errno`
    long eventfd(int initial, int flags);

    /// Makes a file in memory.
    ///
    /// @param nameAddress its name, a C string, for listings
    /// @param flags `MFD_` bits of [Linux]
    /// @return a descriptor, or `-errno`
    long memfdCreate(long nameAddress, int flags);

    /// Copies bytes of this process that may not be mapped: a bad address is an error and not a crash.
    ///
    /// @param address where from
    /// @param to where to
    /// @param toOffset offset in `to`
    /// @param lengthBytes how much
    /// @return bytes copied, or `-errno`; short if only the first part can be read
    long readMemory(long address, MemorySegment to, long toOffset, long lengthBytes);

    /// Copies bytes to addresses of this process that may not be writable: a bad address is an error and not a crash.
    ///
    /// @param address where to
    /// @param from where from
    /// @param fromOffset offset in `from`
    /// @param lengthBytes how much
    /// @return bytes copied, or `-errno`; short if only the first part can be written
    long writeMemory(long address, MemorySegment from, long fromOffset, long lengthBytes);

    /// Names the calling thread.
    ///
    /// @return its number
    long gettid();

    /// Sends a signal to a thread of this process.
    ///
    /// @param thread what [#gettid()] returned on it
    /// @param signal which; 0 for none, to see whether the thread is there
    /// @return 0, or `-errno`
    long tgkill(long thread, int signal);

    /// Ends the process at once: no exit handlers, no shutdown hooks, nothing flushed.
    ///
    /// @param status the exit code
    void exitGroup(int status);
}
