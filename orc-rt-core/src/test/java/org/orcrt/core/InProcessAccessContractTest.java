// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.tck.ControllerAccessContract;

/// The in-process pair keeps the contract of every way to a controller.
class InProcessAccessContractTest extends ControllerAccessContract {

    private final List<Throwable> reported = new ArrayList<>();

    @Override
    protected Peer connect() {
        InProcessPair pair = InProcessPair.create(16, reported::add);
        return new Peer() {
            @Override
            public ControllerAccess access() {
                return pair.access();
            }

            @Override
            public void serve(HandlerTag tag, WrapperFunction handler) {
                pair.control().unregisterHandler(tag);
                pair.control().registerHandler(tag, handler);
            }

            @Override
            public CompletionStage<byte[]> call(long target, byte[] args) {
                return pair.control().callWrapperAsync(new ExecutorAddress(target), args, Duration.ofMinutes(2));
            }

            @Override
            public void hangUp() {
                pair.control().disconnect();
            }
        };
    }
}
