// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;

/// The numbers of SPS: little-endian, at any offset. Constants, so that an access compiles to one instruction.
final class SpsLayouts {

    static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /// The length of the longest array that every JVM can make.
    static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private SpsLayouts() {}
}
