// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Small JSON (RFC 8259) both ways: objects are maps in the order of the text, arrays are lists, numbers are doubles.
/// What is read are files of ours: a mistake in one is an exception that says where.
final class Json {

    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /// Reads a text that holds one object.
    static Map<?, ?> readObject(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        if (json.at != text.length() || !(value instanceof Map<?, ?> object)) {
            throw json.wrong("one object and nothing behind it");
        }
        return object;
    }

    /// Writes maps, iterables, strings, numbers and booleans, indented.
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void write(StringBuilder out, Object value, String newline) {
        switch (value) {
            case Map<?, ?> object -> {
                Iterator<? extends Map.Entry<?, ?>> fields = object.entrySet().iterator();
                out.append('{');
                while (fields.hasNext()) {
                    Map.Entry<?, ?> field = fields.next();
                    out.append(newline).append("  ");
                    quote(out, field.getKey().toString());
                    write(out.append(": "), field.getValue(), newline + "  ");
                    out.append(fields.hasNext() ? "," : newline);
                }
                out.append('}');
            }
            case Iterable<?> array -> {
                Iterator<?> elements = array.iterator();
                out.append('[');
                while (elements.hasNext()) {
                    write(out, elements.next(), newline + "  ");
                    out.append(elements.hasNext() ? ", " : "");
                }
                out.append(']');
            }
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String string) {
        out.append('"');
        string.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        out.append('"');
    }

    private Object value() {
        if (++depth > MAX_DEPTH) {
            throw wrong("fewer nested values");
        }
        blanks();
        char first = at < text.length() ? text.charAt(at) : 0;
        Object value = switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
        depth--;
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        while (!taken('}')) {
            if (!object.isEmpty()) {
                take(',');
            }
            blanks();
            String name = string();
            take(':');
            if (object.put(name, value()) != null) {
                throw wrong("'" + name + "' once");
            }
        }
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        at++;
        while (!taken(']')) {
            if (!array.isEmpty()) {
                take(',');
            }
            array.add(value());
        }
        return array;
    }

    private String string() {
        int end = text.indexOf('"', at + 1);
        if (at >= text.length() || text.charAt(at) != '"' || end < 0) {
            throw wrong("a string");
        }
        String string = text.substring(at + 1, end);
        if (string.indexOf('\\') >= 0) {
            throw wrong("a string without backslashes");
        }
        at = end + 1;
        return string;
    }

    private Object word() {
        int start = at;
        while (at < text.length() && "+-.".indexOf(text.charAt(at)) >= 0
                || at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        try {
            return word.equals("true") || word.equals("false") ? Boolean.valueOf(word) : Double.valueOf(word);
        } catch (NumberFormatException noNumber) {
            at = start;
            throw wrong("a value");
        }
    }

    private void take(char wanted) {
        if (!taken(wanted)) {
            throw wrong("'" + wanted + "'");
        }
    }

    private boolean taken(char wanted) {
        blanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException("JSON: character %d should be %s".formatted(at, wanted));
    }
}
