// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.orcrt.it.Llvm;
import org.orcrt.it.Processes;

/// Machine code of a small C program without relocations, put into an executor's memory as a controller does. Its first
/// function lies at the first address.
///
/// @param controller to whose executor it belongs
/// @param slab where it lies
record JitCode(RawController controller, long slab) {

    private static final long PAGE_BYTES = 4096;
    private static final int READ_EXECUTE = 5;
    private static final Duration COMPILE_LIMIT = Duration.ofSeconds(60);

    /// What every program may use.
    private static final String PRELUDE = """
            typedef unsigned long size_t;
            typedef struct { union { char *pointer; char value[8]; long number; }; size_t size; } Result;
            static Result number(long n) { Result r; r.number = n; r.size = 8; return r; }
            """;

    /// Compiles a program and loads it.
    ///
    /// @param source functions in C; the first one that is not static is the entry
    static JitCode load(RawController controller, Path directory, String source) {
        byte[] code = compile(directory, PRELUDE + source);
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        long sizeBytes = (code.length + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        long slab = value(controller.call(
                Names.RESERVE, Payload.of().u64(instance).u64(sizeBytes).toBytes()));
        byte[] request = Payload.of()
                .u64(instance)
                .u64(1)
                .u8(READ_EXECUTE)
                .u64(slab)
                .u64(sizeBytes)
                .u64(code.length)
                .raw(code)
                .u64(0)
                .toBytes();
        assertThat(value(controller.call(Names.INITIALIZE, request))).isEqualTo(slab);
        return new JitCode(controller, slab);
    }

    /// Has the executor deinitialize the code and release its slab, and returns what it answered.
    void unload() {
        long instance = controller.setup().address(Names.MEMORY_INSTANCE);
        byte[] which = Payload.of().u64(instance).u64(1).u64(slab).toBytes();
        assertThat(controller.call(Names.DEINITIALIZE, which)).containsExactly(0);
        assertThat(controller.call(Names.RELEASE, which)).containsExactly(0);
    }

    /// The address of a function of the executor's process.
    static long symbol(RawController controller, String name) {
        long instance = controller.setup().address(Names.DYLIB_INSTANCE);
        long process = value(controller.call(
                Names.OPEN, Payload.of().u64(instance).string("").u64(0).toBytes()));
        byte[] resolve = Payload.of().u64(process).u64(1).string(name).u8(1).toBytes();
        long address = ByteBuffer.wrap(controller.call(Names.RESOLVE, resolve))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(10);
        assertThat(address).as(name).isNotZero();
        return address;
    }

    private static byte[] compile(Path directory, String source) {
        Llvm llvm = new Llvm(directory);
        try {
            Path folder = Files.createTempDirectory(directory, "code");
            Path c = Files.writeString(folder.resolve("code.c"), source);
            Path object = folder.resolve("code.o");
            Path flat = folder.resolve("code.bin");
            run(
                    folder,
                    llvm.clang().toString(),
                    "-O1",
                    "-fPIC",
                    "-ffreestanding",
                    "-fno-stack-protector",
                    "-c",
                    "-o",
                    object.toString(),
                    c.toString());
            run(
                    folder,
                    llvm.objcopy().toString(),
                    "-O",
                    "binary",
                    "--only-section=.text",
                    object.toString(),
                    flat.toString());
            return Files.readAllBytes(flat);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void run(Path folder, String... command) {
        Processes.run(folder, COMPILE_LIMIT, List.of(command)).orThrow();
    }

    /// The number in an `expected<u64>` that is one.
    private static long value(byte[] expected) {
        assertThat(expected).hasSize(9);
        assertThat(expected[0]).isOne();
        return ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
    }
}
