// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;

/// Runs actions that are only names: writes each down, runs what a test hung on it, and fails those that begin with
/// `!`.
final class RecordingRunner implements AllocActionRunner {

    private static final ExecutorAddress FUNCTION = new ExecutorAddress(0xac7104);

    private final List<String> ran = new ArrayList<>();
    private final Map<String, Runnable> effects = new HashMap<>();

    static AllocAction action(String name) {
        return new AllocAction(FUNCTION, name.getBytes(StandardCharsets.UTF_8));
    }

    static AllocActionPair pair(String initialize, String deinitialize) {
        return new AllocActionPair(action(initialize), action(deinitialize));
    }

    /// A pair `+name`, `-name`.
    static AllocActionPair pair(String name) {
        return pair("+" + name, "-" + name);
    }

    synchronized void when(String name, Runnable effect) {
        effects.put(name, effect);
    }

    /// The names of the actions that ran, in order.
    synchronized List<String> ran() {
        return List.copyOf(ran);
    }

    synchronized void forget() {
        ran.clear();
    }

    @Override
    public void run(AllocAction action) {
        String name = new String(action.args(), StandardCharsets.UTF_8);
        Runnable effect;
        synchronized (this) {
            ran.add(name);
            effect = effects.getOrDefault(name, () -> {});
        }
        effect.run();
        if (name.startsWith("!")) {
            throw new MemoryMapException(MemoryMapException.ACTION_FAILED, name + " said no");
        }
    }
}
