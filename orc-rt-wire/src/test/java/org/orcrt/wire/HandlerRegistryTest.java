// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperReturn;
import org.orcrt.testing.Bounded;

/// What a registry leaves behind. That it finds handlers is shown where they are called.
class HandlerRegistryTest {

    private static final HandlerTag TAG = new HandlerTag(7);

    @Test
    void a_thread_that_called_a_handler_does_not_hold_its_registry() {
        WeakReference<HandlerRegistry> registry = new WeakReference<>(calledAndLeft());
        Bounded.until("the registry is collected", () -> {
            System.gc();
            return registry.refersTo(null);
        });
    }

    private static HandlerRegistry calledAndLeft() {
        HandlerRegistry registry = new HandlerRegistry();
        AtomicInteger calls = new AtomicInteger();
        registry.register(TAG, (args, offset, length, reply) -> calls.incrementAndGet());
        registry.at(TAG.value()).call(MemorySegment.NULL, 0, 0, new NoReply());
        assertThat(calls).hasValue(1);
        return registry;
    }

    private static final class NoReply implements WrapperReturn {

        @Override
        public void result(MemorySegment bytes, long offset, long length) {}

        @Override
        public void outOfBandError(String text) {}
    }
}
