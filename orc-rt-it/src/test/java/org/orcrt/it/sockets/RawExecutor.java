// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.Handshake;
import org.orcrt.spi.HandshakeTerms;

/// An executor that says whatever a test wants. What comes back is counted on a thread of its own.
final class RawExecutor implements AutoCloseable {

    static final int CALL = 3;
    private static final int HEADER_BYTES = 32;

    private final SocketChannel socket;
    private final AtomicLong answers = new AtomicLong();
    private final Thread reader;

    /// Comes to a controller that listens on a unix socket, and says that it is an executor without anything.
    RawExecutor(ConnectionSpec controller) throws IOException {
        socket = SocketChannel.open(
                UnixDomainSocketAddress.of(controller.target().substring(2)));
        Handshake handshake = Handshake.connector(new HandshakeTerms(1 << 20, 4096), null);
        write(ByteBuffer.wrap(handshake.outgoing()));
        while (!handshake.isDone()) {
            byte[] some = read(handshake.wanted());
            handshake.receive(some, 0, some.length);
            write(ByteBuffer.wrap(handshake.outgoing()));
        }
        byte[] triple = "x86_64-pc-linux-gnu".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer setup = ByteBuffer.allocate(8 + triple.length + 24).order(ByteOrder.LITTLE_ENDIAN);
        setup.putLong(triple.length).put(triple).putLong(4096).putLong(0).putLong(0);
        write(frame(0, 0, 0, setup.array()));
        reader = Thread.ofPlatform().daemon().name("answers").start(this::readAll);
    }

    static ByteBuffer frame(long opcode, long id, long tag, byte... payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(HEADER_BYTES + payload.length)
                .putLong(opcode)
                .putLong(id)
                .putLong(tag)
                .put(payload)
                .flip();
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /// How many frames came back.
    long answers() {
        return answers.get();
    }

    /// Waits until the controller has ended the connection.
    boolean endsWithin(long seconds) throws InterruptedException {
        return reader.join(Duration.ofSeconds(seconds));
    }

    private void readAll() {
        try {
            while (true) {
                byte[] header = read(HEADER_BYTES);
                long length =
                        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong();
                read(Math.toIntExact(length) - HEADER_BYTES);
                answers.incrementAndGet();
            }
        } catch (IOException end) {
            // the controller has closed
        }
    }

    private byte[] read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (socket.read(bytes) < 0) {
                throw new IOException("the end");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
