// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

/// Shared libraries for a controller: `open` gives a handle, `resolve` looks symbols up in it. The process as
/// a whole also has what plug-ins published, so JIT'd code links against those names. What was opened stays
/// open until the process ends, as in LLVM's executor: the program's threads and its actions may still be
/// inside.
///
/// Names and paths are bytes; here they travel in strings of which each character is a byte.
final class Dylibs {

    private static final int MIN_LOOKUP_BYTES = Long.BYTES + 1;
    private static final int EXPORTED = 0x10;

    /// Instances are names, not places in memory.
    private static final AtomicLong NEXT_INSTANCE = new AtomicLong(0x7ff2_0000_0000_0000L);

    private final ExecutorAddress instance = new ExecutorAddress(NEXT_INSTANCE.getAndIncrement());
    private final Map<Long, Long> replacements;
    private final ToLongFunction<String> published;

    /// Guarded by itself.
    private final List<Long> opened = new ArrayList<>();

    /// @param replacements addresses of the process that JIT'd code must not get, and what it gets instead
    /// @param published the address that a plug-in published under a name, or 0; such a name comes before the
    ///     process's
    Dylibs(Map<Long, Long> replacements, ToLongFunction<String> published) {
        this.replacements = Map.copyOf(replacements);
        this.published = published;
    }

    ExecutorAddress instance() {
        return instance;
    }

    /// `open` runs constructors of the library, so it gets a thread of its own. `resolve` takes the loader's
    /// lock, which is held while such constructors run, and they may wait for the controller: it must not run
    /// on the reader (ADR 0014).
    Map<Service, WrapperFunction> functions() {
        return Map.of(
                Service.DYLIB_OPEN, SpsFunction.of(Execution.OWN_THREAD, this::open),
                Service.DYLIB_RESOLVE, SpsFunction.of(Execution.DISPATCHED, this::resolve));
    }

    /// `expected<address>(instance, path, u64 mode)`; the empty path is the whole process.
    private void open(SpsReader args, SpsWriter result) {
        long asked = args.readU64();
        String path = args.readName();
        long mode = args.readU64();
        args.end();
        if (asked != instance.value()) {
            result.unexpected("open: 0x%x is not the instance of this session".formatted(asked));
        } else if (mode != 0) {
            result.unexpected("open: non-zero mode bits are not supported: 0x%x".formatted(mode));
        } else if (path.indexOf('\0') >= 0) {
            result.unexpected("open: the path has a NUL in it");
        } else if (path.isEmpty()) {
            CxxRuntime.load();
            result.expected().u64(NativeLibraries.PROCESS);
        } else {
            long handle = NativeLibraries.open(path, Linux.RTLD_NOW | Linux.RTLD_GLOBAL);
            if (handle == 0) {
                result.unexpected(NativeLibraries.lastError());
            } else {
                synchronized (opened) {
                    opened.add(handle);
                }
                result.expected().u64(handle);
            }
        }
    }

    /// `expected<sequence<optional<(address, u8 flags, u8 target flags)>>>(handle, sequence<(name, bool required)>)`. A
    /// missing symbol is no value if it is required, and the null address if it is not.
    private void resolve(SpsReader args, SpsWriter result) {
        long handle = args.readU64();
        // dlsym takes whatever it gets for a pointer
        boolean open = isOpen(handle);
        long count = args.readCount(MIN_LOOKUP_BYTES);
        result.expected().count(count);
        for (long k = 0; k < count; k++) {
            String name = args.readName();
            boolean required = args.readBool();
            if (name.isEmpty()) {
                result.bool(false);
                continue;
            }
            long address = open && name.indexOf('\0') < 0 ? find(handle, name) : 0;
            if (address == 0 && required) {
                result.bool(false);
            } else {
                result.bool(true).u64(address).u8(EXPORTED).u8(0);
            }
        }
        args.end();
        if (!open) {
            result.reset().unexpected("resolve: 0x%x is no library that this session opened".formatted(handle));
        }
    }

    private long find(long handle, String name) {
        if (handle == NativeLibraries.PROCESS) {
            // plug-ins give their names as text, which is UTF-8 on the wire
            String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            long address = published.applyAsLong(text);
            if (address != 0) {
                return address;
            }
        }
        long address = NativeLibraries.symbol(handle, name);
        return replacements.getOrDefault(address, address);
    }

    private boolean isOpen(long handle) {
        if (handle == NativeLibraries.PROCESS) {
            return true;
        }
        synchronized (opened) {
            return opened.contains(handle);
        }
    }
}
