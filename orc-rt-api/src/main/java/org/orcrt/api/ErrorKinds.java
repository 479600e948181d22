// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.util.List;
import org.orcrt.api.type.TypeTable;

/// The kinds of errors of this module. Apart from [OrcException], so that the classes below it are there first.
final class ErrorKinds {

    static final TypeTable ALL = TypeTable.of(List.of(
            OrcException.ERROR,
            TransportException.KIND,
            TransportException.PEER_GONE,
            TransportException.PEER_HUNG,
            TransportException.AUTH_FAILED,
            TransportException.FRAME_TOO_LARGE,
            TransportException.PROTOCOL_VIOLATION,
            TransportException.VERSION_MISMATCH,
            TransportException.OUT_OF_SPACE,
            TransportException.UNAVAILABLE,
            CallException.KIND,
            CallException.UNKNOWN_TAG,
            CallException.DETACHED,
            CallException.DEADLINE_EXCEEDED,
            CallException.CANCELLED,
            CallException.OVERLOADED,
            CallException.HANDLER_FAILED,
            MemoryMapException.KIND,
            MemoryMapException.RESERVE,
            MemoryMapException.PROTECT,
            MemoryMapException.OUT_OF_SLAB,
            MemoryMapException.OVERLAP,
            MemoryMapException.MISALIGNED,
            MemoryMapException.SIZE_OVERFLOW,
            MemoryMapException.WRITE_EXECUTE,
            MemoryMapException.UNKNOWN_BASE,
            MemoryMapException.ALREADY_RELEASED,
            MemoryMapException.QUOTA,
            MemoryMapException.ACTION_FAILED,
            MemoryMapException.UNMAP,
            MemoryMapException.ACCESS,
            SessionException.KIND,
            SessionException.SHUTTING_DOWN,
            SessionException.ATTACH,
            SessionException.PLUGIN));

    private ErrorKinds() {}
}
