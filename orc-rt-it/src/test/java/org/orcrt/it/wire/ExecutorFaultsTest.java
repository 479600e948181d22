// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.it.Rows;

/// What native code does to the process that it runs in, seen from the other end of the connection. The machine code is
/// x86-64's.
class ExecutorFaultsTest {

    private static final int PAGE = 4096;
    private static final int READ_EXECUTE = 5;

    /// How long the end of a process may take before a controller hears of it: of a crash the JVM first
    /// writes a report.
    private static final long NOTICE_BOUND_S = 15;

    /// `mov [0], eax`
    private static final byte[] CRASH = {(byte) 0x89, 0x04, 0x25, 0, 0, 0, 0};

    /// `jmp .`
    private static final byte[] LOOP = {(byte) 0xeb, (byte) 0xfe};

    /// `xor eax, eax; xor edx, edx; ret`: a wrapper function with an empty result.
    private static final byte[] NOTHING = {0x31, (byte) 0xc0, 0x31, (byte) 0xd2, (byte) 0xc3};

    @TempDir
    private Path directory;

    @Test
    @Tag("J1")
    void a_controller_hears_of_every_crash_in_native_code_and_lives(TestReporter reporter) {
        long[] noticesNs = new long[Rows.tenthOf(200)];
        for (int k = 0; k < noticesNs.length; k++) {
            try (RawController controller = RawController.besideStandardStreams(directory, withoutLitter())) {
                long crash = load(controller, CRASH);
                assertThat(controller.call(load(controller, NOTHING), new byte[3]))
                        .isEmpty();
                long beganNs = System.nanoTime();
                controller.send(Payload.frame(RawFrame.CALL, 7000, crash));
                controller.expectNoMore();
                noticesNs[k] = System.nanoTime() - beganNs;
                assertThat(controller.exitCode()).as(controller.errors()).isNotZero();
            }
        }
        Arrays.sort(noticesNs);
        long p99Ns = noticesNs[(int) Math.ceil(noticesNs.length * 0.99) - 1];
        reporter.publishEntry(
                "crash-notice",
                "%d crashes, median %.1f ms, p99 %.1f ms"
                        .formatted(noticesNs.length, noticesNs[noticesNs.length / 2] / 1e6, p99Ns / 1e6));
        assertThat(p99Ns).isLessThan(TimeUnit.SECONDS.toNanos(NOTICE_BOUND_S));
    }

    /// Neither a core nor a report where the tests run.
    private String withoutLitter() {
        return "-XX:-CreateCoredumpOnCrash -XX:ErrorFile=%s/crash.log".formatted(directory);
    }

    @Test
    @Tag("J2")
    void native_code_that_loops_for_ever_keeps_no_other_call_from_running_and_is_named_at_the_end() {
        try (RawController controller = new RawController(directory)) {
            long loop = load(controller, LOOP);
            long nothing = load(controller, NOTHING);
            controller.send(Payload.frame(RawFrame.CALL, 7000, loop));
            for (int k = 0; k < 100; k++) {
                assertThat(controller.call(nothing, new byte[k]))
                        .as("call %d", k)
                        .isEmpty();
                assertThat(controller.call(Names.READ_UINT64S, Payload.sequence()))
                        .as("call %d", k)
                        .isEqualTo(Payload.sequence());
            }
            controller.endOfStream();
            assertThat(controller.exitCode()).as(controller.errors()).isEqualTo(76);
            assertThat(controller.errors()).containsPattern("orc-rt: .*orc-call-\\d+ in .*NativeFunctions.call");
            controller.expectNoMore();
        }
    }

    @Test
    @Tag("J7")
    void an_executor_whose_heap_is_full_ends_and_its_controller_hears_of_it() {
        try (RawController controller = new RawController(directory, "-Xmx32m")) {
            // more than the heap holds, within what a frame may hold
            byte[] args = new byte[48 << 20];
            controller.send(
                    Payload.frame(RawFrame.CALL, 7000, controller.setup().address(Names.RESOLVE), args));
            controller.expectNoMore();
            assertThat(controller.exitCode()).as(controller.errors()).isEqualTo(3);
            assertThat(controller.errors().lines().toList())
                    .anySatisfy(line -> assertThat(line.toLowerCase(Locale.ROOT))
                            .contains("terminating due to java.lang.outofmemoryerror"));
        }
    }

    @Test
    void names_of_the_c_interface_are_resolved_as_those_of_the_process_are() {
        try (RawController controller = new RawController(directory)) {
            Setup setup = controller.setup();
            byte[] open = Payload.of()
                    .u64(setup.address(Names.DYLIB_INSTANCE))
                    .string("")
                    .u64(0)
                    .toBytes();
            long process = littleEndian(controller.call(Names.OPEN, open)).getLong(1);
            for (String name : List.of("orc_rt_Session_Instance", "orc_rt_Session_callController")) {
                byte[] resolve =
                        Payload.of().u64(process).u64(1).string(name).u8(1).toBytes();
                assertThat(littleEndian(controller.call(Names.RESOLVE, resolve)).getLong(10))
                        .as(name)
                        .isEqualTo(setup.address(name));
            }
        }
    }

    /// Puts machine code into the executor.
    ///
    /// @return where it is
    private static long load(RawController controller, byte[] code) {
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        byte[] reserve = Payload.of().u64(instance).u64(PAGE).toBytes();
        long slab = littleEndian(controller.call(Names.RESERVE, reserve)).getLong(1);
        byte[] initialize = Payload.of()
                .u64(instance)
                .u64(1)
                .u8(READ_EXECUTE)
                .u64(slab)
                .u64(PAGE)
                .u64(code.length)
                .raw(code)
                .u64(0)
                .toBytes();
        assertThat(littleEndian(controller.call(Names.INITIALIZE, initialize)).getLong(1))
                .isEqualTo(slab);
        return slab;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        assertThat(bytes).isNotEmpty();
        assertThat(bytes[0]).isEqualTo((byte) 1);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
