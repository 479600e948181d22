// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import org.orcrt.api.TransportException;

/// What a reader found wrong with its bytes. Of kind [TransportException#PROTOCOL_VIOLATION].
public final class SpsException extends TransportException {

    private static final long serialVersionUID = 1L;

    /// Bytes from the start of what was read.
    private final long offset;

    SpsException(long offset, String reason) {
        super(PROTOCOL_VIOLATION, "malformed SPS at byte " + offset + ": " + reason);
        this.offset = offset;
    }

    /// Where the field lies that is wrong.
    ///
    /// @return bytes from the offset that was given to [SpsReader#over]
    public long offset() {
        return offset;
    }
}
