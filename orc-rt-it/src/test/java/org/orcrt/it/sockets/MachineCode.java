// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.controller.Controller;

/// A few instructions of x86-64, written by hand so that the tests need no compiler, and put into an executor's memory.
final class MachineCode {

    private static final int PAGE_BYTES = 4096;
    private static final int READ_EXECUTE = 5;

    private MachineCode() {}

    /// `int main(int argc, char **argv) { return argc; }`
    static byte[] argumentCount() {
        return new byte[] {(byte) 0x89, (byte) 0xf8, (byte) 0xc3};
    }

    /// Goes on in another function, with the same arguments.
    static byte[] jump(ExecutorAddress to) {
        return put(ByteBuffer.allocate(12), 0xb8, to.value()) // mov rax, to
                .put((byte) 0xff)
                .put((byte) 0xe0) // jmp rax
                .array();
    }

    /// A wrapper function that passes its bytes to a handler of the controller, and the handler's answer back.
    static byte[] callHandler(Controller controller, HandlerTag tag) {
        ByteBuffer code = ByteBuffer.allocate(38)
                .put(new byte[] {0x48, (byte) 0x89, (byte) 0xfa}) // mov rdx, rdi: the bytes
                .put(new byte[] {0x48, (byte) 0x89, (byte) 0xf1}); // mov rcx, rsi: how many
        put(
                code,
                0xbf,
                controller.published("__llvm_orc_SimpleRemoteEPC_dispatch_ctx").value()); // mov rdi
        put(code, 0xbe, tag.value()); // mov rsi
        return code.put(jump(controller.published("__llvm_orc_SimpleRemoteEPC_dispatch_fn")))
                .array();
    }

    /// Puts code into a slab of its own.
    ///
    /// @return the slab, which is where the code begins
    static ExecutorAddress load(Controller controller, byte[] code) {
        ExecutorAddress slab = controller.memory().reserve(PAGE_BYTES);
        SegmentRequest segment =
                new SegmentRequest(AllocGroup.ofId(READ_EXECUTE), slab, PAGE_BYTES, MemorySegment.ofArray(code));
        controller.memory().initialize(new InitializeRequest(List.of(segment), List.of()));
        return slab;
    }

    static void unload(Controller controller, ExecutorAddress slab) {
        controller.memory().deinitialize(List.of(slab));
        controller.memory().release(List.of(slab));
    }

    private static ByteBuffer put(ByteBuffer code, int register, long value) {
        return code.order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x48)
                .put((byte) register)
                .putLong(value);
    }
}
