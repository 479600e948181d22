// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// Where an incoming call of a [WrapperFunction] runs.
public enum Execution {
    /// In place, on the thread that reads the channel. The function is short, neither blocks nor calls back, and runs
    /// no foreign code.
    LEAF,
    /// As a task of the session's dispatcher.
    DISPATCHED,
    /// On a platform thread made for this one call, with a large stack: the function may run foreign code. (Destructors
    /// of thread-local data in released code crash a thread that is used again.)
    OWN_THREAD
}
