// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import org.orcrt.api.Task;

/// What the races ask of a dispatcher that runs one task at a time and lets one wait.
public interface TaskRunner {

    /// As of a dispatcher.
    boolean dispatch(Task task);

    /// As of a dispatcher; returns when every task is done with.
    void shutdown();
}
