// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orcrt.testing.FaultSweep;
import org.orcrt.testing.FaultyCalls;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Effect;
import org.orcrt.testing.FaultyCalls.Fault;
import org.orcrt.testing.MayLeak;

/// The short form of `bin/soak faults` for memory: whichever system call fails, the map is as it was, or as
/// [MapFaultCheck] says; and what a bug would leave is found.
class MemoryFaultTest {

    @Test
    @Tag("M1")
    @Tag("M7")
    @Tag("M11")
    void each_call_of_each_operation_fails_once_and_some_pairs_of_calls_do() {
        FaultSweep sweep = new MemoryFaults().sweep(false, Long.MAX_VALUE);
        assertThat(sweep.told()).isEmpty();
        assertThat(sweep.broken()).isZero();
        assertThat(sweep.cases()).isGreaterThan(800);
    }

    /// A call that says that it was done and was not is what a step would be that somebody forgot.
    @ParameterizedTest
    @MayLeak("what a bug would leave is what the test is about")
    @CsvSource({
        "'private: initialize: 2 segments, with content, 0 actions', mprotect, mmapOver, free page 0 of slab 0 is",
        "'private: not over: initialize 2 segments', mprotect, mprotect, free page 0 of slab 0 is",
        "'private: not over: initialize 2 segments', mprotect, madvise, was not empty",
        "'private: initialize: 1 segments, with content, 2 of finalize lifetime', , mmapOver, free page 7 of slab 0 is",
        "'private: not over: initialize 2 segments, 2 of finalize lifetime', , madvise, was not empty",
        "'shared: initialize: 2 segments, with content, 2 actions', mprotect, madvise, was not empty",
        "private: deinitialize three regions, , mmapOver, free page 10 of slab 0 is",
        "private: not over: deinitialize three regions, , madvise, was not empty",
        "shared: deinitialize 2 segments, , mprotect, free page",
        "private: release 2 of 3 slabs, , munmap, left behind: [mapping of",
        "shared: reserve, mmap, close, left behind: [descriptor",
        "shared: reserve, mmap, unlink, names [",
        "shared: detach, , unlink, names ["
    })
    void a_step_that_is_forgotten_is_found(String name, String failing, String forgotten, String found)
            throws IOException {
        FaultSweep.Scenario scenario = new MemoryFaults()
                .scenarios().stream()
                        .filter(one -> one.name().startsWith(name))
                        .findFirst()
                        .orElseThrow();
        List<Fault> faults = new ArrayList<>();
        List<Call> calls = scenario.attempt(List.of());
        int from = 0;
        if (failing != null) {
            from = last(failing, calls) + 1;
            faults.add(new Fault(FaultyCalls.CALLER, from - 1, 22, Effect.NONE));
            calls = scenario.attempt(faults);
        }
        int lie = from;
        while (!calls.get(lie).name().equals(forgotten)) {
            lie++;
        }
        faults.add(new Fault(FaultyCalls.CALLER, lie, 0, Effect.NONE));
        try {
            assertThatThrownBy(() -> scenario.attempt(faults))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(found);
        } finally {
            deleteNames();
        }
    }

    private static int last(String name, List<Call> calls) {
        for (int k = calls.size() - 1; k >= 0; k--) {
            if (calls.get(k).name().equals(name)) {
                return k;
            }
        }
        throw new AssertionError("no " + name + " in " + calls);
    }

    private static void deleteNames() throws IOException {
        String ours = "jitlink_" + ProcessHandle.current().pid() + "_*";
        try (DirectoryStream<Path> names = Files.newDirectoryStream(Path.of("/dev/shm"), ours)) {
            for (Path name : names) {
                Files.delete(name);
            }
        }
    }
}
