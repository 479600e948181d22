// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One line of `goals.json`: our way, a peer's way, and how much longer ours may take.
///
/// @param name what it is called
/// @param benchmark what it belongs to: goals of one benchmark are measured in the same rounds
/// @param ours our way
/// @param peer the peer's way
/// @param clock which time counts
/// @param ratioMax the largest ratio of our time to the peer's that is good
/// @param bytesMax how many bytes of the Java heap one operation of ours may take, or `null` for any number
/// @param kind whether it must hold for the work to be done
/// @param source who asks for it
record Goal(
        String name,
        String benchmark,
        Point ours,
        Point peer,
        Clock clock,
        double ratioMax,
        @Nullable Double bytesMax,
        Kind kind,
        String source) {

    /// Whether a goal must hold for the work that asks for it to be done.
    enum Kind {
        /// It must.
        CLOSE,
        /// It shows the way.
        AIM
    }

    /// The goals of `goals.json`.
    static List<Goal> all() {
        try (InputStream text = Goal.class.getResourceAsStream("goals.json")) {
            if (text == null) {
                throw new IOException("the module has no resource goals.json; run bin/build");
            }
            return read(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Reads the text of `goals.json`.
    static List<Goal> read(String text) {
        List<Goal> goals = new ArrayList<>();
        if (!(Json.readObject(text).get("goals") instanceof List<?> list)) {
            throw new IllegalArgumentException("goals.json: no array 'goals'");
        }
        for (Object element : list) {
            goals.add(of((Map<?, ?>) element));
        }
        return goals;
    }

    private static Goal of(Map<?, ?> fields) {
        Map<String, String> parameters = new TreeMap<>();
        if (fields.get("params") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> parameters.put(name.toString(), value.toString()));
        }
        return new Goal(
                text(fields, "name"),
                text(fields, "benchmark"),
                new Point(text(fields, "ours"), parameters),
                new Point(text(fields, "peer"), parameters),
                Clock.valueOf(text(fields, "clock").toUpperCase(Locale.ROOT)),
                (Double) required(fields, "ratioMax"),
                (Double) fields.get("bytesMax"),
                Kind.valueOf(text(fields, "kind").toUpperCase(Locale.ROOT)),
                text(fields, "source"));
    }

    private static String text(Map<?, ?> fields, String name) {
        return required(fields, name).toString();
    }

    private static Object required(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("goals.json: " + fields + " has no '" + name + "'");
        }
        return value;
    }
}
