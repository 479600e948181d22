// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.orcrt.testing.FuzzTarget;

/// Any bytes as text of a peer, decoded in three ways, the last of which makes halves of surrogate pairs: what
/// comes out is one line without control characters, bounded, and can be encoded.
final class PeerTextFuzz implements FuzzTarget {

    private static final List<Charset> CHARSETS = List.of(UTF_8, ISO_8859_1, UTF_16LE);

    /// What escaping makes of one character at most (a backslash, a `u`, 4 digits), and the words about a cut.
    private static final int MAX_ESCAPED_CHARS = 6 * PeerText.MAX_CHARS + "... (2147483647 characters)".length();

    private final UnaryOperator<String> escape;

    PeerTextFuzz() {
        this(PeerText::escape);
    }

    private PeerTextFuzz(UnaryOperator<String> escape) {
        this.escape = escape;
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                "plain 'text' \\n".getBytes(UTF_8),
                "ok\nERROR fake\r\n\tdone\0\u001b[2J\u0085\u2028".getBytes(UTF_8),
                "user\u202enimda zero\u200bwidth\ufeff \ud83d\ude00 \udb40\udc41".getBytes(UTF_8),
                "x\ud83d\ude00\ude00".getBytes(UTF_16LE),
                "y".repeat(PeerText.MAX_CHARS + 1).getBytes(UTF_8),
                ("z".repeat(PeerText.MAX_LINE_BYTES - 2) + "\u20ac").getBytes(UTF_8));
    }

    @Override
    public void run(byte[] input) {
        for (Charset charset : CHARSETS) {
            String text = decoded(input, charset);
            String escaped = escape.apply(text);
            checkLine(escaped, text);
            if (escaped.length() > MAX_ESCAPED_CHARS) {
                throw new AssertionError("the escaped text has " + escaped.length() + " characters");
            }
            String line = PeerText.oneLine(text);
            checkLine(line, text);
            if (line.getBytes(UTF_8).length > PeerText.MAX_LINE_BYTES) {
                throw new AssertionError("the line has " + line.getBytes(UTF_8).length + " bytes");
            }
        }
    }

    /// Lets the isolates of bidirectional text through.
    @Override
    public FuzzTarget planted() {
        return new PeerTextFuzz(
                text -> text.chars().anyMatch(c -> c >= 0x2066 && c <= 0x2069) ? text : PeerText.escape(text));
    }

    private static String decoded(byte[] input, Charset charset) {
        if (!charset.equals(UTF_16LE)) {
            return new String(input, charset);
        }
        char[] halves = new char[input.length / 2];
        for (int k = 0; k < halves.length; k++) {
            halves[k] = (char) (input[2 * k] & 0xff | input[2 * k + 1] << 8);
        }
        return new String(halves);
    }

    private static void checkLine(String line, String text) {
        line.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                throw new AssertionError("U+%04X of a text of %d characters came through".formatted(c, text.length()));
            }
        });
    }
}
