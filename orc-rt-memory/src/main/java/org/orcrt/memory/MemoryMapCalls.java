// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsMemory;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// The memory map as wrapper functions over SPS. Their first argument is the instance, so one set serves all sessions.
/// All but `reserve` run allocation actions, and so foreign code.
final class MemoryMapCalls {

    /// `expected<address>(instance, u64 size)`.
    static final WrapperFunction RESERVE = SpsFunction.of(Execution.LEAF, MemoryMapCalls::reserve);

    /// `expected<address>(instance, request)`.
    static final WrapperFunction INITIALIZE = SpsFunction.of(Execution.OWN_THREAD, MemoryMapCalls::initialize);

    /// `error(instance, sequence<address>)`.
    static final WrapperFunction DEINITIALIZE_ALL = SpsFunction.of(
            Execution.OWN_THREAD, (args, result) -> forAll(NativeMemoryMap::deinitializeAll, args, result));

    /// `error(instance, sequence<address>)`.
    static final WrapperFunction RELEASE_ALL =
            SpsFunction.of(Execution.OWN_THREAD, (args, result) -> forAll(NativeMemoryMap::releaseAll, args, result));

    /// How many failures a text has besides the first.
    private static final int MAX_FURTHER_FAILURES = 7;

    private MemoryMapCalls() {}

    private static void reserve(SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        long sizeBytes = args.readU64();
        args.end();
        try {
            ExecutorAddress slab = map(instance).reserve(sizeBytes);
            result.expected().address(slab);
        } catch (MemoryMapException failure) {
            result.reset().unexpected(textOf(failure));
        }
    }

    private static void initialize(SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        var request = SpsMemory.readInitializeRequest(args);
        args.end();
        try {
            ExecutorAddress key = map(instance).initialize(request);
            result.expected().address(key);
        } catch (MemoryMapException failure) {
            result.reset().unexpected(textOf(failure));
        }
    }

    private static void forAll(
            BiConsumer<NativeMemoryMap, List<ExecutorAddress>> operation, SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        long count = args.readCount(Long.BYTES);
        List<ExecutorAddress> addresses = new ArrayList<>((int) count);
        for (long left = count; left > 0; left--) {
            addresses.add(args.readAddress());
        }
        args.end();
        try {
            operation.accept(map(instance), addresses);
            result.success();
        } catch (MemoryMapException failure) {
            result.reset().error(textOf(failure));
        }
    }

    private static NativeMemoryMap map(long instance) {
        NativeMemoryMap map = MemoryInstances.at(instance);
        if (map == null) {
            throw new MemoryMapException(
                    MemoryMapException.KIND,
                    "0x%x is not the instance of a memory map of this process".formatted(instance));
        }
        return map;
    }

    /// The story in one line: the first failure and what followed it, but not a thousand times.
    private static String textOf(MemoryMapException failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        Throwable[] others = failure.getSuppressed();
        for (int k = 0; k < others.length && k < MAX_FURTHER_FAILURES; k++) {
            text.append("; also: ").append(others[k].getMessage());
        }
        if (others.length > MAX_FURTHER_FAILURES) {
            text.append("; and ").append(others.length - MAX_FURTHER_FAILURES).append(" more");
        }
        return text.toString();
    }
}
