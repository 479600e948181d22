// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;

/// Runs the actions of regions: forwards until one fails, backwards to the end. They are foreign code, so this is where
/// whatever they throw stops.
final class AllocActions {

    private final AllocActionRunner runner;

    /// Whether the program has exited, so that none of its code may run any more.
    private final BooleanSupplier abandoned;

    AllocActions(AllocActionRunner runner, BooleanSupplier abandoned) {
        this.runner = runner;
        this.abandoned = abandoned;
    }

    /// Runs initialize actions in order. As each succeeds, the region gets what takes it back.
    ///
    /// @throws org.orcrt.api.MemoryMapException at the first that fails
    void initialize(Region region, List<AllocActionPair> pairs) {
        int number = 0;
        for (AllocActionPair pair : pairs) {
            if (abandoned.getAsBoolean()) {
                throw new MemoryMapException(MemoryMapException.KIND, "initialize: the program has exited meanwhile");
            }
            number++;
            run(pair.initialize(), "initialize", number, pairs.size(), region);
            if (!pair.deinitialize().isNone()) {
                region.undo.add(pair.deinitialize());
            }
        }
    }

    /// Before any region goes.
    void awaitCode() {
        if (!abandoned.getAsBoolean()) {
            runner.awaitCode();
        }
    }

    /// Runs a region's deinitialize actions in reverse, all of them whichever fail.
    void deinitialize(Region region, Failures failures) {
        int count = region.undo.size();
        for (int k = count; k > 0 && !abandoned.getAsBoolean(); k--) {
            int number = k;
            failures.attempt(() -> run(region.undo.get(number - 1), "deinitialize", number, count, region));
        }
    }

    private void run(AllocAction action, String verb, int number, int count, Region region) {
        if (action.isNone()) {
            return;
        }
        Throwable cause;
        String text;
        try {
            runner.run(action);
            return;
        } catch (MemoryMapException failure) {
            cause = failure;
            text = failure.getMessage();
        } catch (RuntimeException | Error bug) {
            cause = bug;
            text = bug.toString();
        }
        throw new MemoryMapException(
                MemoryMapException.ACTION_FAILED,
                "%s action %d of %d of region %s, function %s, failed: %s"
                        .formatted(verb, number, count, region.key, action.function(), text),
                cause);
    }
}
