// SPDX-License-Identifier: Apache-2.0
package org.orcrt.cli;

/// Writes small JSON (RFC 8259). The order of calls is the order of the text; nesting is the caller's business.
final class JsonWriter {

    private final StringBuilder text = new StringBuilder();

    /// Whether the next value follows another one in the same array or object.
    private boolean follows;

    JsonWriter beginArray() {
        return open('[');
    }

    JsonWriter endArray() {
        return close(']');
    }

    JsonWriter beginObject() {
        return open('{');
    }

    JsonWriter endObject() {
        return close('}');
    }

    JsonWriter field(String name, String value) {
        return name(name).quoted(value);
    }

    JsonWriter field(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private JsonWriter open(char bracket) {
        separate();
        text.append(bracket);
        follows = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        text.append(bracket);
        follows = true;
        return this;
    }

    private JsonWriter name(String name) {
        separate();
        quoted(name);
        text.append(':');
        return this;
    }

    private void separate() {
        if (follows) {
            text.append(',');
        }
        follows = true;
    }

    private JsonWriter quoted(String value) {
        text.append('"');
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        return this;
    }
}
