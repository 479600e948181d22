// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Planted: looks into the bytes of a call.
final class ReadsBytes {
    long violate(MemorySegment args) {
        return args.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }
}
