// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.MessageChannel;
import org.orcrt.tck.ControllerAccessContract;
import org.orcrt.wire.Connection;

/// A controller at the far end of a channel, which reads and writes frames by itself, and our connection at the near
/// end.
final class FarController implements ControllerAccessContract.Peer {

    private static final long HANGUP = 1;
    private static final long RESULT = 2;
    private static final long CALL = 3;

    private final Connection connection;
    private final MessageChannel channel;
    private final Thread reader;
    private final Map<Long, WrapperFunction> handlers = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<byte[]>> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private volatile boolean closing;

    FarController(Connection connection, MessageChannel channel) {
        this.connection = connection;
        this.channel = channel;
        reader = Thread.ofPlatform().daemon().name("far-controller").start(this::read);
    }

    @Override
    public ControllerAccess access() {
        return connection;
    }

    @Override
    public void serve(HandlerTag tag, WrapperFunction handler) {
        handlers.put(tag.value(), handler);
    }

    @Override
    public CompletionStage<byte[]> call(long target, byte[] args) {
        long id = lastCall.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        calls.put(id, answer);
        send(CALL, id, target, args);
        return answer;
    }

    @Override
    public void hangUp() {
        send(HANGUP, 0, 0, new byte[1]);
    }

    /// Goes away without a word.
    void leave() throws InterruptedException {
        closing = true;
        channel.wakeReader();
        reader.join(Link.BOUND.toMillis());
        channel.close();
    }

    /// Whoever sends alone; what cannot be sent is lost, as the connection is.
    private synchronized void send(long opcode, long id, long target, byte[] payload) {
        byte[] frame = ByteBuffer.allocate(32 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(32 + payload.length)
                .putLong(opcode)
                .putLong(id)
                .putLong(target)
                .put(payload)
                .array();
        long at = channel.tryClaim(frame.length);
        if (at >= 0) {
            MemorySegment.copy(frame, 0, channel.outgoing(), ValueLayout.JAVA_BYTE, at, frame.length);
            channel.commit(at, frame.length);
            channel.flush(MessageChannel.CALL);
        }
    }

    private void read() {
        while (!closing) {
            int frames = channel.poll(this::onFrame, 64);
            if (frames == MessageChannel.GONE) {
                return;
            }
            if (frames == 0) {
                channel.sleep(MessageChannel.RESULT, Link.BOUND.toNanos());
            }
        }
    }

    private void onFrame(MemorySegment bytes, long offset, long frameBytes) {
        ByteBuffer header = bytes.asSlice(offset, 32).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long id = header.getLong(16);
        long target = header.getLong(24);
        byte[] payload = bytes.asSlice(offset + 32, frameBytes - 32).toArray(ValueLayout.JAVA_BYTE);
        if (header.getLong(8) == CALL) {
            handlers.get(target).call(MemorySegment.ofArray(payload), 0, payload.length, new Reply(id));
        } else if (header.getLong(8) == RESULT && target == 0) {
            calls.remove(id).complete(payload);
        } else if (header.getLong(8) == RESULT) {
            String text = new String(payload, 8, payload.length - 8, StandardCharsets.UTF_8);
            calls.remove(id).completeExceptionally(new IllegalStateException(text));
        }
    }

    /// The answer to one call of the executor.
    private final class Reply implements WrapperReturn {

        private final long id;

        Reply(long id) {
            this.id = id;
        }

        @Override
        public void result(MemorySegment bytes, long offset, long length) {
            send(RESULT, id, 0, bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        }

        @Override
        public void outOfBandError(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            send(
                    RESULT,
                    id,
                    1,
                    ByteBuffer.allocate(8 + utf8.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(utf8.length)
                            .put(utf8)
                            .array());
        }
    }
}
