// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of a gate.
public interface Door {

    /// As of our gate.
    boolean tryEnter();

    /// As of our gate.
    void leave();

    /// As of our gate.
    void close();

    /// As of our gate.
    long inside();

    /// As of our gate.
    boolean awaitEmpty(long boundNs);
}
