// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both ways to make system calls behave the same.
class SystemCallsTest {

    private static final long PAGE = 4096;

    enum Way {
        MACHINE_CODE {
            @Override
            SystemCalls calls() {
                return new KernelSystemCalls(
                        new ThunkSystemCalls(), ProcessHandle.current().pid());
            }
        },
        C_LIBRARY {
            @Override
            SystemCalls calls() {
                return new KernelSystemCalls(
                        new LibcSystemCalls(), ProcessHandle.current().pid());
            }
        };

        abstract SystemCalls calls();
    }

    @ParameterizedTest
    @EnumSource
    void memory_is_mapped_protected_and_unmapped(Way way) {
        SystemCalls calls = way.calls();
        long page =
                calls.mmap(0, PAGE, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
        assertThat(page).isPositive();
        NativeMemory.putLong(page, 42);
        assertThat(calls.mprotect(page, PAGE, Linux.PROT_READ)).isZero();
        assertThat(NativeMemory.getLong(page)).isEqualTo(42);
        assertThat(calls.munmap(page, PAGE)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_mapped_over_memory_is_zero_and_not_counted_again(Way way) {
        SystemCalls calls = way.calls();
        int readWrite = Linux.PROT_READ | Linux.PROT_WRITE;
        long pages = calls.mmap(0, 2 * PAGE, readWrite, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
        NativeMemory.putLong(pages, 42);
        NativeMemory.putLong(pages + PAGE, 43);
        assertThat(calls.mmapOver(pages + 1, PAGE, readWrite, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(calls.mmapOver(pages + PAGE, PAGE, Linux.PROT_READ, Linux.MAP_NORESERVE))
                .isEqualTo(pages + PAGE);
        assertThat(NativeMemory.getLong(pages)).isEqualTo(42);
        assertThat(NativeMemory.getLong(pages + PAGE)).isZero();
        MemorySegment eight = MemorySegment.ofArray(new byte[8]);
        assertThat(calls.writeMemory(pages + PAGE, eight, 0, 8)).isEqualTo(-Errno.EFAULT);
        assertThat(SystemCalls.mappings()).containsEntry(pages, 2 * PAGE).doesNotContainKey(pages + PAGE);
        assertThat(calls.munmap(pages, 2 * PAGE)).isZero();
        assertThat(SystemCalls.mappings()).doesNotContainKey(pages);
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_is_the_negative_error_number(Way way) {
        SystemCalls calls = way.calls();
        assertThat(calls.mmap(0, 0, 0, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1))
                .isEqualTo(-Errno.EINVAL);
        assertThat(calls.mprotect(1, PAGE, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(calls.close(987_654)).isEqualTo(-Errno.EBADF);
        assertThat(calls.read(987_654, 0, 1)).isEqualTo(-Errno.EBADF);
    }

    @ParameterizedTest
    @EnumSource
    void an_unmapped_address_is_an_error_and_not_a_crash(Way way) {
        SystemCalls calls = way.calls();
        long page = calls.mmap(0, PAGE, Linux.PROT_READ, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
        MemorySegment eight = MemorySegment.ofArray(new byte[8]);
        assertThat(calls.readMemory(page, eight, 0, 8)).isEqualTo(8);
        assertThat(calls.writeMemory(page, eight, 0, 8)).as("read-only page").isEqualTo(-Errno.EFAULT);
        calls.munmap(page, PAGE);
        assertThat(calls.readMemory(page, eight, 0, 8)).isEqualTo(-Errno.EFAULT);
        assertThat(calls.readMemory(-8, eight, 0, 8)).isEqualTo(-Errno.EFAULT);
    }

    @ParameterizedTest
    @EnumSource
    void bytes_pass_through_a_memory_file_and_an_event_counter_wakes(Way way) {
        SystemCalls calls = way.calls();
        long block = NativeMemory.mallocCString("orc");
        int file = (int) calls.memfdCreate(block, Linux.MFD_CLOEXEC);
        assertThat(file).isPositive();
        assertThat(calls.write(file, block, 3)).isEqualTo(3);
        assertThat(calls.fcntl(file, Linux.F_GETFD, 0)).isEqualTo(Linux.FD_CLOEXEC);
        assertThat(calls.close(file)).isZero();

        int event = (int) calls.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        NativeMemory.free(block);
        block = NativeMemory.malloc(8);
        assertThat(calls.read(event, block, 8)).isEqualTo(-Errno.EAGAIN);
        NativeMemory.putLong(block, 1);
        assertThat(calls.write(event, block, 8)).isEqualTo(8);
        NativeMemory.putLong(block, event | (long) Linux.POLLIN << 32);
        assertThat(calls.poll(block, 1, 1000)).isEqualTo(1);
        NativeMemory.free(block);
        calls.close(event);
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_two_mappings_share_is_made_once(Way way, @TempDir Path directory) throws IOException {
        SystemCalls calls = way.calls();
        Path file = directory.resolve("shared");
        long path = NativeMemory.mallocCString(file.toString());
        int flags = Linux.O_RDWR | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC;
        int fd = (int) calls.open(path, flags, 0700);
        assertThat(fd).isPositive();
        assertThat(calls.fcntl(fd, Linux.F_GETFD, 0)).isEqualTo(Linux.FD_CLOEXEC);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(calls.open(path, flags, 0700)).isEqualTo(-Errno.EEXIST);
        assertThat(calls.ftruncate(fd, PAGE)).isZero();
        assertThat(calls.ftruncate(fd, -1)).isEqualTo(-Errno.EINVAL);

        int readWrite = Linux.PROT_READ | Linux.PROT_WRITE;
        long one = calls.mmap(0, PAGE, readWrite, Linux.MAP_SHARED, fd);
        long other = calls.mmap(0, PAGE, readWrite, Linux.MAP_SHARED, fd);
        assertThat(calls.close(fd)).isZero();
        assertThat(calls.unlink(path)).isZero();
        assertThat(calls.unlink(path)).isEqualTo(-Errno.ENOENT);
        NativeMemory.free(path);
        NativeMemory.putLong(one, 42);
        assertThat(NativeMemory.getLong(other)).isEqualTo(42);
        calls.munmap(one, PAGE);
        calls.munmap(other, PAGE);
    }

    @ParameterizedTest
    @EnumSource
    void heap_bytes_are_copied_to_and_from_an_address(Way way) {
        SystemCalls calls = way.calls();
        byte[] text = "forty-two".getBytes(StandardCharsets.UTF_8);
        long block = NativeMemory.malloc(64);
        assertThat(calls.writeMemory(block, MemorySegment.ofArray(text), 0, text.length))
                .isEqualTo(text.length);
        byte[] back = new byte[20];
        assertThat(calls.readMemory(block, MemorySegment.ofArray(back), 5, text.length))
                .isEqualTo(text.length);
        assertThat(new String(back, 5, text.length, StandardCharsets.UTF_8)).isEqualTo("forty-two");
        NativeMemory.free(block);
    }
}
