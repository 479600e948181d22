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

    /// `expected<(address, string)>(instance, u64 size)`: the slab and its name.
    static final WrapperFunction SHARED_RESERVE = SpsFunction.of(Execution.LEAF, MemoryMapCalls::reserveShared);

    /// `expected<address>(instance, address, request)`: the request comes without content, after the slab.
    static final WrapperFunction SHARED_INITIALIZE =
            SpsFunction.of(Execution.OWN_THREAD, MemoryMapCalls::initializeShared);

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
        answer(result, () -> {
            ExecutorAddress slab = map(instance).reserve(sizeBytes);
            result.expected().address(slab);
        });
    }

    private static void reserveShared(SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        long sizeBytes = args.readU64();
        args.end();
        answer(result, () -> {
            SharedMemoryMapper map = sharedMap(instance);
            ExecutorAddress slab = map.reserve(sizeBytes);
            result.expected().address(slab).text(map.nameOf(slab));
        });
    }

    private static void initialize(SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        var request = SpsMemory.readInitializeRequest(args);
        args.end();
        answer(result, () -> {
            ExecutorAddress key = map(instance).initialize(request);
            result.expected().address(key);
        });
    }

    private static void initializeShared(SpsReader args, SpsWriter result) {
        long instance = args.readU64();
        ExecutorAddress slab = args.readAddress();
        var request = SpsMemory.readSharedInitializeRequest(args);
        args.end();
        answer(result, () -> {
            ExecutorAddress key = sharedMap(instance).initialize(slab, request);
            result.expected().address(key);
        });
    }

    /// Writes what an operation gives, or why it gives nothing.
    private static void answer(SpsWriter result, Runnable operation) {
        try {
            operation.run();
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

    private static SharedMemoryMapper sharedMap(long instance) {
        if (map(instance) instanceof SharedMemoryMapper shared) {
            return shared;
        }
        throw new MemoryMapException(
                MemoryMapException.KIND,
                "0x%x is the instance of a memory map, but not of one that shares memory".formatted(instance));
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
