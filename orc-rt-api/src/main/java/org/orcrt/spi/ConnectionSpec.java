// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says how to reach a peer: `scheme:target?option=value&option=value`, for example `fd:3,6?peer=llvm`.
///
/// LLVM's own spellings are understood: `filedescs=IN,OUT` and two bare numbers `IN,OUT` are `fd:IN,OUT?peer=llvm`,
/// `listen=HOST:PORT` is `tcp-listen://HOST:PORT?peer=llvm`. The parser knows the shape and the options' names; what a
/// target means is the transport's business.
///
/// @param scheme which transport, for example `fd`
/// @param target where, in the transport's own spelling
/// @param options names and values in the order given
public record ConnectionSpec(String scheme, String target, Map<String, String> options) {

    private static final List<String> KNOWN_OPTIONS = List.of("peer", "token-file", "size", "idle", "allow-network");
    private static final String LISTEN = "-listen";
    private static final List<String> PEERS = List.of("llvm", "ours");

    /// Copies the options.
    public ConnectionSpec {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /// Reads a spec.
    ///
    /// @param text what the user wrote
    /// @return the parsed spec
    /// @throws IllegalArgumentException with the text, what is wrong, and what would be right
    public static ConnectionSpec parse(String text) {
        if (text.startsWith("filedescs=")) {
            return parsed(text, "fd", text.substring("filedescs=".length()), "llvm");
        }
        if (text.startsWith("listen=")) {
            return parsed(text, "tcp-listen", "//" + text.substring("listen=".length()), "llvm");
        }
        if (text.matches("[0-9]+,[0-9]+")) {
            return parsed(text, "fd", text, "llvm");
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw wrong(text, "it has no scheme; write SCHEME:TARGET, for example fd:3,6 or filedescs=3,6");
        }
        String scheme = text.substring(0, colon);
        if (!scheme.matches("[a-z][a-z0-9-]*")) {
            throw wrong(text, "'" + scheme + "' is not a scheme: lower-case letters, digits and '-'");
        }
        return parsed(text, scheme, text.substring(colon + 1), scheme.equals("fd") ? "llvm" : null);
    }

    /// Tells which protocol rules the peer follows.
    ///
    /// @return `true` for LLVM's own tools, `false` for another end of ours
    public boolean isLlvmPeer() {
        return "llvm".equals(options.get("peer"));
    }

    /// Tells who goes to whom.
    ///
    /// @return `true` if this end waits for its peer (the scheme ends in `-listen`), `false` if it goes there
    public boolean isListening() {
        return scheme.endsWith(LISTEN);
    }

    /// What a peer of a listener uses to get there.
    ///
    /// @param newTarget where the listener really is
    /// @return this spec with the scheme of the end that connects
    /// @throws IllegalStateException if this spec does not listen
    public ConnectionSpec connecting(String newTarget) {
        if (!isListening()) {
            throw new IllegalStateException("'" + this + "' does not listen");
        }
        return new ConnectionSpec(scheme.substring(0, scheme.length() - LISTEN.length()), newTarget, options);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append(':').append(target);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    private static ConnectionSpec parsed(String text, String scheme, String rest, @Nullable String peer) {
        int question = rest.indexOf('?');
        String target = question < 0 ? rest : rest.substring(0, question);
        if (target.isEmpty() || target.equals("//")) {
            throw wrong(text, "nothing follows the scheme '" + scheme + "'");
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (question >= 0) {
            readOptions(text, rest.substring(question + 1), options);
        }
        if (peer != null) {
            options.putIfAbsent("peer", peer);
        }
        return new ConnectionSpec(scheme, target, options);
    }

    private static void readOptions(String text, String query, Map<String, String> into) {
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!KNOWN_OPTIONS.contains(name)) {
                throw wrong(text, "unknown option '" + name + "'; known: " + String.join(", ", KNOWN_OPTIONS));
            }
            if (equals < 0) {
                throw wrong(text, "option '" + name + "' has no value; write " + name + "=VALUE");
            }
            String value = option.substring(equals + 1);
            if (name.equals("peer") && !PEERS.contains(value)) {
                throw wrong(text, "peer is '" + value + "'; known: " + String.join(", ", PEERS));
            }
            if (into.put(name, value) != null) {
                throw wrong(text, "option '" + name + "' is given twice");
            }
        }
    }

    private static IllegalArgumentException wrong(String text, String what) {
        return new IllegalArgumentException("in connection spec '" + text + "': " + what);
    }
}
