// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.lang.foreign.MemorySegment;

/// Where the answers to incoming calls go: one way for all calls of one direction of a connection.
interface ReplySink {

    void sendResult(MemorySegment bytes, long offset, long length, long callId);

    void sendOutOfBandError(String text, long callId);

    /// A failure that nobody waits for.
    void report(Throwable failure);
}
