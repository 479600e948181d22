// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// Text from a peer or from JIT'd code, made fit for a log line or an error message.
public final class PeerText {

    /// The longest text that is passed on, in characters.
    public static final int MAX_CHARS = 1024;

    private PeerText() {}

    /// Cuts a text to [#MAX_CHARS] and escapes control characters, so that it can neither fake a log line nor drive a
    /// terminal.
    ///
    /// @param text what the peer sent
    /// @return one line
    public static String escape(String text) {
        int end = Math.min(text.length(), MAX_CHARS);
        StringBuilder line = new StringBuilder(end + 16);
        for (int k = 0; k < end; k++) {
            char c = text.charAt(k);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                case '\\' -> line.append("\\\\");
                default -> appendPrintable(line, c);
            }
        }
        if (end < text.length()) {
            line.append("... (").append(text.length()).append(" characters)");
        }
        return line.toString();
    }

    private static void appendPrintable(StringBuilder line, char c) {
        int type = Character.getType(c);
        boolean hidden = Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        if (hidden) {
            line.append("\\u%04x".formatted((int) c));
        } else {
            line.append(c);
        }
    }
}
