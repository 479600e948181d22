// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// A piece of work that is either run or discarded, exactly once.
public interface Task {

    /// Does the work.
    void run();

    /// Gives the work up: whoever waits for it is told. Does not block.
    void discard();
}
