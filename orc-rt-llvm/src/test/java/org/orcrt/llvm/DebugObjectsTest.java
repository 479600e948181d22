// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.sps.SpsWriter;

class DebugObjectsTest {

    private static final long FIRST = 16;

    @Test
    void a_debugger_finds_both_symbols_in_the_process() {
        assertThat(NativeLibraries.symbol(NativeLibraries.PROCESS, DebuggerElf.DESCRIPTOR))
                .isEqualTo(DebuggerLibrary.descriptor());
        assertThat(NativeLibraries.symbol(NativeLibraries.PROCESS, DebuggerElf.REGISTER_CODE))
                .isEqualTo(DebuggerLibrary.registerCode());
        assertThat((int) NativeMemory.getLong(DebuggerLibrary.descriptor()))
                .as("version")
                .isEqualTo(1);
    }

    @Test
    void objects_hang_on_the_descriptor_the_newest_first() {
        register(0x1000, 0x1100);
        long older = first();
        register(0x2000, 0x2400);
        long newer = first();
        assertThat(NativeMemory.getLong(newer)).as("next").isEqualTo(older);
        assertThat(NativeMemory.getLong(newer + 8)).as("previous").isZero();
        assertThat(NativeMemory.getLong(older + 8)).as("previous").isEqualTo(newer);
        assertThat(NativeMemory.getLong(newer + 16)).as("object").isEqualTo(0x2000);
        assertThat(NativeMemory.getLong(newer + 24)).as("size").isEqualTo(0x400);
        assertThat(NativeMemory.getLong(DebuggerLibrary.descriptor()) >>> 32)
                .as("action")
                .isEqualTo(1);
        assertThat(NativeMemory.getLong(DebuggerLibrary.descriptor() + 8))
                .as("relevant")
                .isEqualTo(newer);
    }

    @Test
    void the_library_of_another_processor_differs_in_machine_and_code_only() {
        ByteBuffer x64 = ByteBuffer.wrap(DebuggerElf.image("amd64")).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer arm = ByteBuffer.wrap(DebuggerElf.image("aarch64")).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(x64.getShort(18)).isEqualTo((short) 62);
        assertThat(arm.getShort(18)).isEqualTo((short) 183);
        int different = 0;
        for (int k = 0; k < x64.capacity(); k++) {
            different += x64.get(k) == arm.get(k) ? 0 : 1;
        }
        assertThat(different).isBetween(2, 6);
    }

    private static void register(long start, long end) {
        Calls.Answer answer = Calls.call(
                DebugObjects.REGISTER, new SpsWriter().u64(start).u64(end).bool(true));
        assertThat(answer.error).isNull();
        assertThat(answer.read().readError()).isNull();
    }

    private static long first() {
        return NativeMemory.getLong(DebuggerLibrary.descriptor() + FIRST);
    }
}
