// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.HandshakeToken;

/// What a spec `tcp`, `tcp-listen`, `unix` or `unix-listen` says, read and checked.
///
/// @param spec what the user wrote
/// @param place where
/// @param token the secret, or `null` if there is none
record SocketSpec(
        ConnectionSpec spec, Place place, @Nullable HandshakeToken token) {

    private static final Pattern HOST_PORT = Pattern.compile("//(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]/]+):([0-9]{1,5})");
    private static final List<String> TCP_OPTIONS = List.of("peer", "token-file", "allow-network");
    private static final List<String> UNIX_OPTIONS = List.of("peer", "token-file");
    private static final int MAX_PORT = 65535;

    /// @throws IllegalArgumentException if the spec is wrong; its text quotes it
    /// @throws IOException if the host or the token cannot be found
    static SocketSpec parse(ConnectionSpec spec) throws IOException {
        boolean unix = spec.scheme().startsWith("unix");
        List<String> known = unix ? UNIX_OPTIONS : TCP_OPTIONS;
        for (String option : spec.options().keySet()) {
            if (!known.contains(option)) {
                throw wrong(
                        spec,
                        "option '" + option + "' is not for " + spec.scheme() + "; known: " + String.join(", ", known));
            }
        }
        if (unix && spec.isLlvmPeer()) {
            throw wrong(spec, "LLVM's tools know no unix sockets; use tcp, or inherited descriptors");
        }
        Place place = unix ? unix(spec) : tcp(spec);
        String tokenFile = spec.options().get("token-file");
        if (tokenFile == null && !unix && !spec.isLlvmPeer()) {
            throw wrong(
                    spec,
                    "tcp between ends of ours needs token-file=PATH, the same token at both ends; make one with:"
                            + " (umask 077; openssl rand -hex 16 > PATH)");
        }
        if (tokenFile != null && spec.isLlvmPeer()) {
            throw wrong(spec, "an LLVM tool knows no token; leave token-file away");
        }
        return new SocketSpec(spec, place, tokenFile == null ? null : HandshakeToken.read(Path.of(tokenFile)));
    }

    boolean isLlvmPeer() {
        return spec.isLlvmPeer();
    }

    private static Place unix(ConnectionSpec spec) {
        String target = spec.target();
        if (!target.startsWith("///") || target.indexOf('\0') >= 0 || target.endsWith("/")) {
            throw wrong(spec, "'" + target + "' is not ///PATH, the absolute path of a socket");
        }
        return new Place.Unix(Path.of(target.substring(2)).normalize());
    }

    private static Place tcp(ConnectionSpec spec) throws UnknownHostException {
        Matcher target = HOST_PORT.matcher(spec.target());
        int port = target.matches() ? Integer.parseInt(target.group(2)) : -1;
        if (port < 0 || port > MAX_PORT || (port == 0 && !spec.isListening())) {
            throw wrong(
                    spec,
                    "'" + spec.target() + "' is not //HOST:PORT, with [HOST] for IPv6"
                            + (port == 0 ? "; only an end that listens may have port 0" : ""));
        }
        InetAddress[] all = InetAddress.getAllByName(target.group(1));
        for (InetAddress address : all) {
            if (address.isLoopbackAddress()) {
                return new Place.Tcp(address, port);
            }
        }
        if (!"true".equals(spec.options().get("allow-network"))) {
            throw wrong(
                    spec,
                    all[0].getHostAddress() + " is not a loopback address, and nothing that is sent is encrypted;"
                            + " add allow-network=true if that is meant");
        }
        return new Place.Tcp(all[0], port);
    }

    private static IllegalArgumentException wrong(ConnectionSpec spec, String what) {
        return new IllegalArgumentException("in connection spec '" + spec + "': " + what);
    }
}
