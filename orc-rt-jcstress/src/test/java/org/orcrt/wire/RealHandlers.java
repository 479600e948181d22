// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperReturn;
import org.orcrt.races.Handlers;

/// Our registry of handlers as the races see it.
final class RealHandlers implements Handlers {

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final HandlerRegistry registry = new HandlerRegistry();

    /// Says whether it was an answer or a refusal.
    private static final class Outcome implements WrapperReturn {
        private boolean ran;

        @Override
        public void result(MemorySegment bytes, long offset, long length) {
            ran = true;
        }

        @Override
        public void outOfBandError(String text) {
            // refused
        }
    }

    @Override
    public boolean register(long tag, Runnable handler) {
        try {
            registry.register(new HandlerTag(tag), (args, offset, length, reply) -> {
                handler.run();
                reply.result(args, offset, length);
            });
            return true;
        } catch (IllegalArgumentException taken) {
            return false;
        }
    }

    @Override
    public void unregister(long tag) {
        registry.unregister(new HandlerTag(tag));
    }

    @Override
    public boolean call(long tag) {
        Outcome outcome = new Outcome();
        registry.at(tag).call(NOTHING, 0, 0, outcome);
        return outcome.ran;
    }
}
