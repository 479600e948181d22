// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;

/// Takes frames from a channel.
@FunctionalInterface
public interface FrameSink {

    /// One frame. Its length was checked against the medium and [MessageChannel#MIN_FRAME_BYTES], nothing else.
    ///
    /// @param bytes where the frame lies; valid until this method returns
    /// @param offset its offset in `bytes`
    /// @param frameBytes its length, header included
    void onFrame(MemorySegment bytes, long offset, long frameBytes);
}
