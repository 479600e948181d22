// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import java.util.concurrent.atomic.AtomicReference;
import org.orcrt.api.ResourceManager;

/// A resource manager that records what it heard.
public final class Heard implements ResourceManager {

    private final AtomicReference<String> letters = new AtomicReference<>("");

    @Override
    public void detach() {
        letters.accumulateAndGet("D", String::concat);
    }

    @Override
    public void shutdown() {
        letters.accumulateAndGet("S", String::concat);
    }

    @Override
    public String toString() {
        return letters.get();
    }
}
