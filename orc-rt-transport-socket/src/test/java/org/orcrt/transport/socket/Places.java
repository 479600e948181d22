// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.Handshake;
import org.orcrt.spi.HandshakeTerms;
import org.orcrt.spi.HandshakeToken;

/// Where the tests listen, and peers made of the JDK's own sockets.
final class Places {

    static final String DIGITS = "00112233445566778899aabbccddeeff";
    static final HandshakeTerms TERMS = new HandshakeTerms(1 << 20, 16);

    private static final int CONNECT_MS = 10_000;

    private Places() {}

    /// A token file of ours.
    static Path tokenFile(Path directory) throws IOException {
        Path file = directory.resolve("token");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, DIGITS);
        }
        return file;
    }

    /// A spec to listen at: `tcp`, with a token, or `unix`, without one.
    static ConnectionSpec listen(String scheme, Path directory) throws IOException {
        return ConnectionSpec.parse(
                scheme.equals("tcp")
                        ? "tcp-listen://127.0.0.1:0?token-file=" + tokenFile(directory)
                        : "unix-listen://" + directory.resolve("d/socket"));
    }

    /// The address that a listener's spec leads to.
    static SocketAddress address(ConnectionSpec spec) {
        String target = spec.target().substring(2);
        if (spec.scheme().equals("unix")) {
            return UnixDomainSocketAddress.of(target);
        }
        int colon = target.lastIndexOf(':');
        return new InetSocketAddress(
                target.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(target.substring(colon + 1)));
    }

    /// A connected socket that has said nothing yet.
    static SocketChannel dial(ConnectionSpec spec) throws IOException {
        if (spec.scheme().equals("unix")) {
            return SocketChannel.open(address(spec));
        }
        SocketChannel socket = SocketChannel.open();
        socket.socket().connect(address(spec), CONNECT_MS);
        return socket;
    }

    /// A socket whose handshake is done.
    static SocketChannel join(ConnectionSpec spec) throws IOException {
        SocketChannel socket = dial(spec);
        HandshakeToken token = spec.options().containsKey("token-file")
                ? HandshakeToken.read(Path.of(spec.options().get("token-file")))
                : null;
        Handshake handshake = Handshake.connector(TERMS, token);
        socket.write(ByteBuffer.wrap(handshake.outgoing()));
        while (!handshake.isDone()) {
            byte[] some = read(socket, handshake.wanted());
            handshake.receive(some, 0, some.length);
            socket.write(ByteBuffer.wrap(handshake.outgoing()));
        }
        return socket;
    }

    /// Exactly so many bytes.
    static byte[] read(SocketChannel socket, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (socket.read(bytes) < 0) {
                throw new IOException("the end after " + bytes.position() + " of " + length + " bytes");
            }
        }
        return bytes.array();
    }

    static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("peer").start(task);
        return task;
    }
}
