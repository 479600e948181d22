// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Runs as another user, needs nothing but the JDK, and tries what its arguments say. Prints `attempts N successes M`.
final class Attacker {

    private static int attempts;
    private static int successes;

    private Attacker() {}

    private interface Attack {
        void run() throws IOException;
    }

    /// @param args pairs of an attack and what it is aimed at; `squat PATH` is the last one and waits for its end
    public static void main(String[] args) throws IOException {
        for (int k = 0; k + 1 < args.length; k += 2) {
            String target = args[k + 1];
            switch (args[k]) {
                case "connect" ->
                    attempt(() -> SocketChannel.open(UnixDomainSocketAddress.of(target))
                            .close());
                case "talk" -> attempt(() -> talk(Integer.parseInt(target)));
                case "read" -> attempt(() -> Files.readAllBytes(Path.of(target)));
                case "write" -> attempt(() -> Files.write(Path.of(target), new byte[1]));
                case "delete" -> attempt(() -> Files.delete(Path.of(target)));
                case "list" -> attempt(() -> Files.list(Path.of(target)).close());
                case "squat" -> squat(Path.of(target));
                default -> throw new IllegalArgumentException(args[k]);
            }
        }
        System.out.println("attempts " + attempts + " successes " + successes);
    }

    private static void attempt(Attack attack) {
        attempts++;
        try {
            attack.run();
            successes++;
            System.out.println("succeeded: " + attempts);
        } catch (IOException refused) {
            // as it should be
        }
    }

    /// A success is a first byte that only a peer with the token, or the owner, would get.
    private static void talk(int port) throws IOException {
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            socket.write(ByteBuffer.allocate(96));
            ByteBuffer some = ByteBuffer.allocate(256);
            int got = 0;
            for (int part = 0; part >= 0; part = socket.read(some)) {
                got += part;
            }
            if (got <= 64) { // the hello, which holds no secret
                throw new IOException("turned away");
            }
        }
    }

    private static void squat(Path path) throws IOException {
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path))) {
            System.out.println("squatting");
            SocketChannel victim = server.accept();
            ByteBuffer some = ByteBuffer.allocate(256);
            attempts++;
            if (victim.read(some) > 0) {
                successes++;
            }
        }
    }
}
