// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeLibraries;

/// A shared library that a test compiles from C and loads into its own process, where it stays: its threads may
/// be about to end.
final class NativeLibrary {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final long handle;

    private NativeLibrary(long handle) {
        this.handle = handle;
    }

    /// Compiles a file of the test resources.
    ///
    /// @param directory takes the library
    /// @param resource its name in `native-calls`
    static Path compile(Path directory, String resource) {
        Path source = Project.root().resolve("orc-rt-it/src/test/resources/native-calls/" + resource);
        return compileSource(directory, source);
    }

    /// Compiles C code.
    static Path compileText(Path directory, String name, String text) {
        try {
            return compileSource(directory, Files.writeString(directory.resolve(name), text));
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private static Path compileSource(Path directory, Path source) {
        Path library = directory.resolve(source.getFileName().toString().replace(".c", ".so"));
        List<String> command = new ArrayList<>(List.of(
                new Llvm(directory).clang().toString(), "-shared", "-o", library.toString(), source.toString()));
        command.addAll(List.of("-fPIC", "-O1", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-pthread"));
        Processes.run(directory, LIMIT, command).orThrow();
        return library;
    }

    static NativeLibrary load(Path library) {
        long handle = NativeLibraries.open(library.toString(), Linux.RTLD_NOW | Linux.RTLD_GLOBAL);
        assertThat(handle).as(() -> NativeLibraries.lastError()).isNotZero();
        return new NativeLibrary(handle);
    }

    long address(String symbol) {
        long address = NativeLibraries.symbol(handle, symbol);
        assertThat(address).as(symbol).isNotZero();
        return address;
    }
}
