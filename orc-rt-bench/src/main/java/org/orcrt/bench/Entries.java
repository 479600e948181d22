// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.util.Arrays;
import java.util.List;

/// What the benchmark `codec` encodes and decodes.
///
/// @param list some entries
public record Entries(List<Entry> list) {

    /// A string, two numbers, some bytes.
    ///
    /// @param name ASCII, though no format is told so
    /// @param first any 64 bits
    /// @param second any 64 bits
    /// @param content not copied
    public record Entry(String name, long first, long second, byte[] content) {

        private boolean sameAs(Entry other) {
            return name.equals(other.name)
                    && first == other.first
                    && second == other.second
                    && Arrays.equals(content, other.content);
        }
    }

    /// Whether two say the same, the bytes of their contents included.
    boolean sameAs(Entries other) {
        return Arrays.equals(list.toArray(), other.list.toArray(), (a, b) -> ((Entry) a).sameAs((Entry) b) ? 0 : 1);
    }
}
