// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Texts from JIT'd code, made fit for an error message: bounded, and without control characters.
final class ErrorText {

    static final int MAX_BYTES = 1024;

    private ErrorText() {}

    static String of(MemorySegment bytes, long offset, long length) {
        byte[] head = bytes.asSlice(offset, Math.min(length, MAX_BYTES)).toArray(ValueLayout.JAVA_BYTE);
        return printable(new String(head, StandardCharsets.UTF_8)) + (length > MAX_BYTES ? "..." : "");
    }

    static String of(String text) {
        boolean cut = text.length() > MAX_BYTES;
        return printable(cut ? text.substring(0, MAX_BYTES) : text) + (cut ? "..." : "");
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            printable.append(Character.isISOControl(c) ? "\\x%02x".formatted((int) c) : c);
        }
        return printable.toString();
    }
}
