// SPDX-License-Identifier: Apache-2.0
package org.orcrt.controller;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.PeerText;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.sps.SpsMemory;
import org.orcrt.sps.SpsReader;
import org.orcrt.wire.Service;

/// The executor's memory: slabs of address space, regions with content in them, and bytes anywhere. What the methods
/// mean is said in [org.orcrt.api.memory.NativeMemoryMap], which is what answers them. All methods wait for the
/// executor, at most as long as the controller's timeout; any thread but the one that delivers calls.
///
/// Every method throws [org.orcrt.api.CallException] if the executor cannot be asked, and [MemoryMapException] with the
/// executor's own words if it refuses.
public final class RemoteMemory {

    private static final long MIN_BLOCK_BYTES = Long.BYTES;

    private final ServiceCalls calls;

    RemoteMemory(ServiceCalls calls) {
        this.calls = calls;
    }

    /// Reserves address space.
    ///
    /// @param sizeBytes how much; rounded up to pages
    /// @return the slab's first address
    public ExecutorAddress reserve(long sizeBytes) {
        long instance = instance();
        return calls.call(
                Service.MEMORY_RESERVE,
                args -> args.u64(instance).u64(sizeBytes),
                answer -> expectedAddress("reserve", answer));
    }

    /// Puts content into reserved space, protects it, and runs the initialize actions.
    ///
    /// @param request what goes where; copied before this method returns
    /// @return the region's key
    public ExecutorAddress initialize(InitializeRequest request) {
        long instance = instance();
        return calls.call(
                Service.MEMORY_INITIALIZE,
                args -> SpsMemory.writeInitializeRequest(args.u64(instance), request),
                answer -> expectedAddress("initialize", answer));
    }

    /// Runs deinitialize actions and gives pages back to their slabs, with one call.
    ///
    /// @param keys what [#initialize] returned, the last one first
    public void deinitialize(List<ExecutorAddress> keys) {
        forAll("deinitialize", Service.MEMORY_DEINITIALIZE, keys);
    }

    /// Gives slabs back, with one call.
    ///
    /// @param slabs what [#reserve] returned, the last one first
    public void release(List<ExecutorAddress> slabs) {
        forAll("release", Service.MEMORY_RELEASE, slabs);
    }

    /// Reads bytes.
    ///
    /// @param address where they lie in the executor
    /// @param lengthBytes how many
    /// @return a copy
    public byte[] read(ExecutorAddress address, int lengthBytes) {
        return calls.call(
                Service.READ_BUFFERS,
                args -> args.count(1).address(address).address(address.plus(lengthBytes)),
                answer -> {
                    long blocks = answer.readCount(MIN_BLOCK_BYTES);
                    byte[] bytes = blocks == 1 ? answer.readBytes() : new byte[0];
                    if (blocks != 1 || bytes.length != lengthBytes) {
                        throw new IllegalArgumentException("%d blocks instead of 1, %d bytes instead of %d"
                                .formatted(blocks, bytes.length, lengthBytes));
                    }
                    return bytes;
                });
    }

    /// Writes bytes.
    ///
    /// @param address where to in the executor
    /// @param bytes what; copied before this method returns
    public void write(ExecutorAddress address, byte[] bytes) {
        calls.call(Service.WRITE_BUFFERS, args -> args.count(1).address(address).bytes(bytes), answer -> Boolean.TRUE);
    }

    private long instance() {
        return calls.address(Service.MEMORY_INSTANCE).value();
    }

    private void forAll(String operation, Service service, List<ExecutorAddress> addresses) {
        long instance = instance();
        calls.call(
                service,
                args -> {
                    args.u64(instance).count(addresses.size());
                    addresses.forEach(args::address);
                },
                answer -> {
                    @Nullable String failure = answer.readError();
                    if (failure != null) {
                        throw refused(operation, failure);
                    }
                    return Boolean.TRUE;
                });
    }

    private static ExecutorAddress expectedAddress(String operation, SpsReader answer) {
        if (answer.readBool()) {
            return answer.readAddress();
        }
        throw refused(operation, answer.readText());
    }

    private static MemoryMapException refused(String operation, String text) {
        return new MemoryMapException(
                MemoryMapException.KIND, "the executor refused to " + operation + ": " + PeerText.escape(text));
    }
}
