// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.Function;

/// One value, its bytes, and how to get from each to the other.
///
/// @param name what it is
/// @param hex its bytes, two digits each, with blanks between them
/// @param write writes it
/// @param read reads it
/// @param value what `read` returns
record Vector(String name, String hex, Consumer<SpsWriter> write, Function<SpsReader, Object> read, Object value) {

    static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    byte[] bytes() {
        return HEX.parseHex(hex);
    }

    @Override
    public String toString() {
        return name;
    }
}
