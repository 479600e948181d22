// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.nio.charset.StandardCharsets;

/// Text from a peer or from JIT'd code, made fit for a log line or an error message.
public final class PeerText {

    /// The longest text that is passed on, in characters.
    public static final int MAX_CHARS = 1024;

    /// The longest line that [#oneLine] makes, in bytes of UTF-8.
    public static final int MAX_LINE_BYTES = 1024;

    private static final String CUT_MARK = "...";

    private PeerText() {}

    /// Cuts a text to [#MAX_CHARS] and escapes control and format characters, so that it can neither fake a
    /// log line, nor drive a terminal, nor hide. Half a surrogate pair is escaped too, because no encoding has it.
    ///
    /// @param text what the peer sent
    /// @return one line
    public static String escape(String text) {
        int end = cut(text);
        StringBuilder line = new StringBuilder(end + 16);
        for (int k = 0; k < end; ) {
            int c = text.codePointAt(k);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                case '\\' -> line.append("\\\\");
                default -> appendPrintable(line, c);
            }
            k += Character.charCount(c);
        }
        if (end < text.length()) {
            line.append("... (").append(text.length()).append(" characters)");
        }
        return line.toString();
    }

    /// Cuts a text of our own for the peer, in which a peer's words are escaped already: control and format
    /// characters are escaped, backslashes stay.
    ///
    /// @param text what we say
    /// @return one line of at most [#MAX_LINE_BYTES] in UTF-8
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        int bytes = 0;
        for (int k = 0; k < text.length(); ) {
            int c = text.codePointAt(k);
            int before = line.length();
            appendPrintable(line, c);
            bytes += line.substring(before).getBytes(StandardCharsets.UTF_8).length;
            k += Character.charCount(c);
            if (bytes > MAX_LINE_BYTES - (k < text.length() ? CUT_MARK.length() : 0)) {
                line.setLength(before);
                return line.append(CUT_MARK).toString();
            }
        }
        return line.toString();
    }

    /// Where the text ends that is passed on: never inside a surrogate pair.
    private static int cut(String text) {
        if (text.length() <= MAX_CHARS) {
            return text.length();
        }
        return Character.isSurrogatePair(text.charAt(MAX_CHARS - 1), text.charAt(MAX_CHARS))
                ? MAX_CHARS - 1
                : MAX_CHARS;
    }

    private static void appendPrintable(StringBuilder line, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> line.append((c < 0x10000 ? "\\u%04x" : "\\u{%x}").formatted(c));
            default -> line.appendCodePoint(c);
        }
    }
}
