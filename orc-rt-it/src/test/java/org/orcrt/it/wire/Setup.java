// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an executor says first.
///
/// @param triple its target triple
/// @param pageBytes its page size
/// @param values names with bytes
/// @param symbols names with addresses
record Setup(String triple, long pageBytes, Map<String, byte[]> values, Map<String, Long> symbols) {

    static Setup of(RawFrame frame) {
        ByteBuffer in = frame.reader();
        String triple = new String(bytes(in), StandardCharsets.ISO_8859_1);
        long pageBytes = in.getLong();
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (long left = in.getLong(); left > 0; left--) {
            values.put(new String(bytes(in), StandardCharsets.ISO_8859_1), bytes(in));
        }
        Map<String, Long> symbols = new LinkedHashMap<>();
        for (long left = in.getLong(); left > 0; left--) {
            symbols.put(new String(bytes(in), StandardCharsets.ISO_8859_1), in.getLong());
        }
        if (in.hasRemaining()) {
            throw new AssertionError(in.remaining() + " bytes follow the Setup");
        }
        return new Setup(triple, pageBytes, values, symbols);
    }

    long address(String name) {
        Long address = symbols.get(name);
        if (address == null) {
            throw new AssertionError("Setup has no '" + name + "'");
        }
        return address;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[Math.toIntExact(in.getLong())];
        in.get(bytes);
        return bytes;
    }
}
