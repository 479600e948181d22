// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.controller.Controller;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.ConnectionSpec;

/// An executor, and whoever reads along, learns nothing of where things lie in the controller's process.
class NoAddressLeavesTest {

    private static final int PAGE_BYTES = 4096;
    private static final HandlerTag TAG = new HandlerTag(0x5eed);

    @TempDir
    private Path directory;

    @Test
    void no_byte_that_an_executor_receives_is_of_an_address_of_the_controller() throws Exception {
        ConnectionSpec listen = Sockets.UNIX.listen(directory);
        try (ExecutorProcess executor = new ExecutorProcess(directory, listen.toString())) {
            Path real = Path.of(executor.awaitListening().target().substring(2));
            Path at = real.resolveSibling("proxy");
            try (Proxy proxy = new Proxy(at, real)) {
                List<Range> before = ranges();
                List<ExecutorAddress> slabs = use(ConnectionSpec.parse("unix://" + at));
                byte[] said = proxy.toExecutor();
                assertThat(said.length).isGreaterThan(1000);
                List<Range> all = new ArrayList<>(before);
                all.addAll(ranges());
                assertThat(leaks(said, all, told(proxy.toController(), slabs))).isEmpty();

                long ours = NativeMemory.malloc(64);
                byte[] planted = ByteBuffer.allocate(said.length + 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(said)
                        .putLong(ours)
                        .array();
                all.addAll(ranges());
                assertThat(leaks(planted, all, Set.of()))
                        .as("the search finds one")
                        .contains(ours);
                NativeMemory.free(ours);
            }
        }
    }

    private static List<ExecutorAddress> use(ConnectionSpec where) throws IOException {
        List<ExecutorAddress> slabs = new ArrayList<>();
        try (Controller controller = Controller.builder()
                .handler(TAG, (args, offset, length, reply) -> reply.result(args, offset, length))
                .connect(where)) {
            for (int k = 0; k < 20; k++) {
                ExecutorAddress slab = MachineCode.load(controller, MachineCode.callHandler(controller, TAG));
                slabs.add(slab);
                byte[] text = ("call " + k + " of a text").getBytes(StandardCharsets.US_ASCII);
                assertThat(controller.call(slab, text)).isEqualTo(text);
            }
            slabs.forEach(slab -> MachineCode.unload(controller, slab));
        }
        return slabs;
    }

    /// Every number that the executor has said itself, and all of the slabs that it gave.
    private static Set<Long> told(byte[] bytes, List<ExecutorAddress> slabs) {
        Set<Long> told = new HashSet<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 8 <= bytes.length; at++) {
            told.add(in.getLong(at));
        }
        for (ExecutorAddress slab : slabs) {
            for (int k = 0; k <= PAGE_BYTES; k++) {
                told.add(slab.value() + k);
            }
        }
        return told;
    }

    private static List<Long> leaks(byte[] bytes, List<Range> ranges, Set<Long> told) {
        List<Long> leaks = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 8 <= bytes.length; at++) {
            long value = in.getLong(at);
            if (!told.contains(value) && ranges.stream().anyMatch(range -> range.holds(value))) {
                leaks.add(value);
            }
        }
        return leaks;
    }

    /// What is mapped in this process, but for what is only reserved.
    private static List<Range> ranges() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> !line.contains(" ---p "))
                .map(line -> line.split("[- ]"))
                .map(line -> new Range(Long.parseUnsignedLong(line[0], 16), Long.parseUnsignedLong(line[1], 16)))
                .collect(Collectors.toList());
    }

    /// @param from the first address
    /// @param to behind the last one
    private record Range(long from, long to) {

        boolean holds(long address) {
            return Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0;
        }
    }
}
