// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// Stands between a controller and an executor that listens, and keeps what they say to each other.
final class Proxy implements AutoCloseable {

    private final ServerSocketChannel listening;
    private final ByteArrayOutputStream toExecutor = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toController = new ByteArrayOutputStream();
    private final Thread worker;

    Proxy(Path at, Path executor) throws IOException {
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(at));
        worker = Thread.ofPlatform().daemon().name("proxy").start(() -> serve(executor));
    }

    /// What the controller said, once the connection is over.
    byte[] toExecutor() throws InterruptedException {
        worker.join();
        return toExecutor.toByteArray();
    }

    /// What the executor said, once the connection is over.
    byte[] toController() throws InterruptedException {
        worker.join();
        return toController.toByteArray();
    }

    private void serve(Path executor) {
        try (SocketChannel near = listening.accept();
                SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(executor))) {
            Thread back = Thread.ofPlatform().daemon().start(() -> pass(far, near, toController));
            pass(near, far, toExecutor);
            back.join();
        } catch (IOException | InterruptedException end) {
            // then less was said, which the test sees
        }
    }

    private static void pass(SocketChannel from, SocketChannel to, ByteArrayOutputStream record) {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        try {
            while (from.read(bytes.clear()) >= 0) {
                record.write(bytes.array(), 0, bytes.position());
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
            }
            to.shutdownOutput();
        } catch (IOException end) {
            // one of them is gone; the other hears of it when both are closed
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
