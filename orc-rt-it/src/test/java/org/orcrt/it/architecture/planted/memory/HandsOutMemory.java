// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Planted: lets somebody look at a region after it went.
final class HandsOutMemory {

    static final class ByMethod {
        MemorySegment violate() {
            return MemorySegment.NULL;
        }
    }

    static final class AsBuffer {
        ByteBuffer violate() {
            return ByteBuffer.allocate(0);
        }
    }

    static final class ByField {
        MemorySegment violation = MemorySegment.NULL;
    }

    static final class ForEver {
        final Object violation = Arena.global();
    }
}
