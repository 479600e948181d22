// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.MemoryMapException;

/// What failed in steps that are all attempted: the first failure is thrown, the others are suppressed in it.
final class Failures {

    private @Nullable Throwable first;

    /// For steps that follow no failure.
    Failures() {}

    /// For steps that undo what led to a failure. The caller throws it.
    Failures(Throwable first) {
        this.first = first;
    }

    void add(MemoryMapException failure) {
        if (first == null) {
            first = failure;
        } else if (first != failure) {
            first.addSuppressed(failure);
        }
    }

    /// Runs a step.
    ///
    /// @return whether it succeeded
    boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (MemoryMapException failure) {
            add(failure);
            return false;
        }
    }

    /// Throws the first failure, if there is one.
    void throwFirst() {
        if (first instanceof MemoryMapException failure) {
            throw failure;
        }
    }
}
