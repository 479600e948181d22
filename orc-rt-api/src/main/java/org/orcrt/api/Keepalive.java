// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// While it is open, the session's code and memory stay. It brackets one span on one stack, never an asynchronous
/// chain.
public interface Keepalive extends AutoCloseable {

    /// Ends the span. Idempotent; any thread.
    @Override
    void close();
}
