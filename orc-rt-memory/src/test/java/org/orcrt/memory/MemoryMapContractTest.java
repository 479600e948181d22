// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.tck.NativeMemoryMapContract;

/// Both memory maps keep the contract.
class MemoryMapContractTest {

    private abstract static class Ours extends NativeMemoryMapContract {

        final RecordingRunner runner = new RecordingRunner();
        final List<Throwable> reported = new ArrayList<>();
        private int actions;

        @AfterEach
        void nothing_is_reported_that_a_caller_heard_of() {
            assertThat(reported).isEmpty();
        }

        @Override
        protected long pageBytes() {
            return MapFixture.PAGE;
        }

        @Override
        protected byte[] read(ExecutorAddress address, int sizeBytes) {
            return MapFixture.bytes(address, sizeBytes);
        }

        @Override
        protected AllocAction action(Runnable effect) {
            String name = "action " + ++actions;
            runner.when(name, effect);
            return RecordingRunner.action(name);
        }

        @Override
        protected void unmapAbandoned(ExecutorAddress slab, long sizeBytes) {
            SystemCalls.real().munmap(slab.value(), sizeBytes);
        }
    }

    @Nested
    class Private extends Ours {
        @Override
        protected NativeMemoryMap make() {
            return new SimpleNativeMemoryMap(MapFixture.OPTIONS, runner, reported::add);
        }
    }

    @Nested
    class Shared extends Ours {
        @Override
        protected NativeMemoryMap make() {
            return new SharedMemoryMapper(MapFixture.OPTIONS, runner, reported::add);
        }
    }
}
