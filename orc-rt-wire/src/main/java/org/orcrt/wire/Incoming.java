// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;

/// Takes what only one of the two ends gets, on the reader.
interface Incoming {

    /// Who is at the other end.
    Peer peer();

    /// The executor says who it is.
    ///
    /// @param payload where the first frame's payload lies; valid until this method returns
    /// @param offset its offset in `payload`, in bytes
    /// @param length how long it is
    /// @throws org.orcrt.api.TransportException if that cannot be read, or this end does not want to know
    void onSetup(MemorySegment payload, long offset, long length);

    /// The peer calls.
    ///
    /// @param target an address in the executor, or the tag of a handler of the controller
    /// @param args where the argument bytes lie; valid until this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param callId names the call in its answer
    void onCall(long target, MemorySegment args, long offset, long length, long callId);
}
