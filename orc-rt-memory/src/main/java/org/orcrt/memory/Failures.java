// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.MemoryMapException;

/// What failed in steps that are all attempted: the first failure is thrown, the others are suppressed in it.
final class Failures {

    /// How many failures are kept besides the first; a request may name a million regions that are not there.
    private static final int MAX_OTHERS = 1000;

    private @Nullable Throwable first;
    private long others;

    /// How many there are.
    long count() {
        return first == null ? 0 : 1 + others;
    }

    /// The first failure of a step.
    ///
    /// @param before the count when it began
    /// @return the failure, or `null` if the step had none; of what is not kept, the first of all
    @Nullable Throwable since(long before) {
        if (first == null || count() == before) {
            return null;
        }
        return before == 0 || before > MAX_OTHERS ? first : first.getSuppressed()[(int) before - 1];
    }

    /// For steps that follow no failure.
    Failures() {}

    /// For steps that undo what led to a failure. The caller throws it.
    Failures(Throwable first) {
        this.first = first;
    }

    void add(MemoryMapException failure) {
        if (first == null) {
            first = failure;
        } else if (first != failure && ++others <= MAX_OTHERS) {
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
            if (others > MAX_OTHERS) {
                failure.addSuppressed(new MemoryMapException(
                        MemoryMapException.KIND, "%d further failures".formatted(others - MAX_OTHERS)));
            }
            throw failure;
        }
    }
}
