// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.orcrt.testing.FuzzTarget;

/// Any text as a connection spec: it is read, and then its own text is read as the same spec; or it is refused with its
/// text quoted. What is read is never longer than what was written, but for the peer that the spelling implies.
final class ConnectionSpecFuzz implements FuzzTarget {

    private static final int IMPLIED_CHARS = "tcp-listen://".length() + "?peer=llvm".length();

    private final Function<String, ConnectionSpec> parser;

    ConnectionSpecFuzz() {
        this(ConnectionSpec::parse);
    }

    private ConnectionSpecFuzz(Function<String, ConnectionSpec> parser) {
        this.parser = parser;
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "filedescs=3,6",
                        "3,6",
                        "fd:3,6?peer=ours",
                        "listen=[::1]:0",
                        "tcp://h:1?token-file=/a=b?c&size=1m&idle=5s&allow-network=true&peer=ours",
                        "tcp-listen://localhost:0?peer=llvm",
                        "unix:///run/orc?size=&idle=1",
                        "shm-listen:///run/orc.sock",
                        "aeron:ipc?dir=/d",
                        "inproc:one",
                        "tcp://h:1?size=1&size=1",
                        "tcp://h:1?")
                .map(text -> text.getBytes(UTF_8))
                .toList();
    }

    @Override
    public void run(byte[] input) {
        String text = new String(input, UTF_8);
        ConnectionSpec spec;
        try {
            spec = parser.apply(text);
        } catch (IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            if (!message.startsWith("in connection spec '" + text + "': ")) {
                throw new AssertionError("refused without its text: " + message, refused);
            }
            return;
        }
        String again = spec.toString();
        if (!parser.apply(again).equals(spec)) {
            throw new AssertionError("'" + text + "' is read as '" + again + "', and that as another spec");
        }
        if (again.length() > text.length() + IMPLIED_CHARS) {
            throw new AssertionError("'" + text + "' grew to '" + again + "'");
        }
        if (!spec.scheme().matches("[a-z][a-z0-9-]*")
                || spec.target().isEmpty()
                || spec.target().contains("?")) {
            throw new AssertionError(
                    "'" + text + "' has scheme '" + spec.scheme() + "', target '" + spec.target() + "'");
        }
    }

    /// Loses the target of a spec with two equals signs in a row.
    @Override
    public FuzzTarget planted() {
        return new ConnectionSpecFuzz(text -> {
            ConnectionSpec spec = ConnectionSpec.parse(text);
            return !text.contains("==") ? spec : new ConnectionSpec(spec.scheme(), "", spec.options());
        });
    }
}
