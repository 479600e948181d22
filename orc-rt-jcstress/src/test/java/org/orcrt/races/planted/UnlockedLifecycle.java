// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import org.jspecify.annotations.Nullable;
import org.orcrt.races.Door;
import org.orcrt.races.Heard;
import org.orcrt.races.Lifecycle;
import org.orcrt.races.Planted;

/// Planted: who comes second does not wait for the first, and two may both be the first.
public final class UnlockedLifecycle implements Lifecycle {

    private final Heard manager = new Heard();
    private final Door gate = new CarelessDoor();
    private boolean detached;
    private @Nullable Object report;

    @Override
    public void peerEnds() {
        detach();
    }

    @Override
    public void detach() {
        if (!detached) {
            Planted.window();
            detached = true;
            Planted.window();
            manager.detach();
        }
    }

    @Override
    public Object shutdown(long boundNs) {
        detach();
        Object mine = report;
        if (mine == null) {
            Planted.window();
            mine = new Object();
            report = mine;
            gate.close();
            if (gate.inside() == 0) {
                manager.shutdown();
            }
        }
        return mine;
    }

    @Override
    public boolean tryEnter() {
        return gate.tryEnter();
    }

    @Override
    public String heard() {
        return manager.toString();
    }
}
