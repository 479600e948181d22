// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.races.Door;
import org.orcrt.wire.Gate;

/// Our gate as the races see it.
final class RealDoor implements Door {

    private final Gate gate = new Gate();

    @Override
    public boolean tryEnter() {
        return gate.tryEnter();
    }

    @Override
    public void leave() {
        gate.leave();
    }

    @Override
    public void close() {
        gate.close();
    }

    @Override
    public long inside() {
        return gate.inside();
    }

    @Override
    public boolean awaitEmpty(long boundNs) {
        try {
            return gate.awaitEmpty(boundNs);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
