// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResultHandler;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.Task;
import org.orcrt.api.TransportException;
import org.orcrt.spi.BlockingMessageChannel;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.SessionPort;
import org.orcrt.testing.FuzzInput;

/// One connection, with both its neighbours played from an input: each poll does what the next steps say. Everything
/// happens on the caller's thread.
final class ScriptedConnection extends BlockingMessageChannel implements SessionPort {

    private static final int MAX_FRAME_BYTES = 256;
    private static final int MAX_PAYLOAD_BYTES = 31;
    private static final int SAME_POLL = 128;
    private static final HandlerTag TAG = new HandlerTag(0xabc);

    private static final BootstrapInfo INFO =
            new BootstrapInfo(new ProcessInfo("x86_64-pc-linux-gnu", 4096), Map.of(), Map.of());

    /// What the controller hears first, once.
    private static final String SETUP =
            frame(Opcode.SETUP, 0, 0, SetupMessage.write(INFO).toByteArray());

    private final FuzzInput in;
    private final ConnectionModel model;
    private final UnaryOperator<FrameSink> between;
    private final Connection connection;
    private final byte[] outgoing = new byte[MAX_FRAME_BYTES];
    private final List<String> heard = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final List<Throwable> reported = new ArrayList<>();

    /// The numbers of our calls, in their order.
    private final List<Long> ours = new ArrayList<>();

    private boolean begun;
    private int ends;
    private @Nullable OrcException failure;

    ScriptedConnection(FuzzInput in, ConnectionModel model, UnaryOperator<FrameSink> between) {
        this.in = in;
        this.model = model;
        this.between = between;
        connection = new Connection(
                this,
                model.dialect(),
                new PendingCalls(ConnectionModel.MAX_IN_FLIGHT, reported::add),
                reported::add,
                InPlace::new);
    }

    /// A thread that runs where it is started.
    private static final class InPlace extends Thread {

        InPlace(Runnable work) {
            super(work);
        }

        @Override
        public void start() {
            run();
        }
    }

    /// From the Setup to the end, and then compares.
    void play() {
        connection.attach(this, INFO);
        int inOrder = model.expected().size();
        model.close();
        if (!reported.isEmpty()) {
            throw new AssertionError("reported: " + reported.getFirst(), reported.getFirst());
        }
        checkHeard(inOrder);
        check(ends == 1, "told of %d ends", ends);
        check(endOf(failure) == model.end(), "ended with '%s', not %s", failure, model.end());
        check(we() == SendStatus.DISCONNECTED, "calls are taken after the end");
        checkHeard(inOrder);
    }

    /// Those who wait at the end are told in any order.
    private void checkHeard(int inOrder) {
        List<String> expected = model.expected();
        boolean same = heard.size() == expected.size()
                && heard.subList(0, inOrder).equals(expected.subList(0, inOrder))
                && Set.copyOf(heard.subList(inOrder, heard.size()))
                        .equals(Set.copyOf(expected.subList(inOrder, expected.size())));
        check(same, "heard %s, not %s", heard, expected);
    }

    @Override
    public int poll(FrameSink sink, int limit) {
        check(ends == 0 && !model.isDisconnected(), "polled after the end");
        if (!begun) {
            begun = true;
            checkSent(List.of(SETUP));
        }
        if (in.remaining() == 0) {
            model.streamEnds();
            return (int) GONE;
        }
        int frames = 0;
        boolean more = true;
        while (more && frames < limit && in.remaining() > 0) {
            int what = in.u8();
            frames += step(what % 9, between.apply(sink));
            more = what >= SAME_POLL;
        }
        return frames;
    }

    /// @return how many frames came
    private int step(int what, FrameSink sink) {
        return switch (what) {
            case 0 -> receive(sink, Opcode.CALL, in.u64(), in.u64());
            case 1 -> receive(sink, Opcode.RESULT, ourCall(), 0);
            case 2 -> receive(sink, Opcode.HANGUP, 0, 0);
            case 3 -> receive(sink, Opcode.SETUP, in.u64(), in.u64());
            case 4 -> receive(sink, in.u8(), in.u64(), in.u64());
            default -> {
                act(what);
                yield 0;
            }
        };
    }

    private int receive(FrameSink sink, long opcode, long callId, long target) {
        byte[] payload = payload();
        boolean accepted = model.accepts(opcode, callId, target, payload);
        try {
            Frames.deliver(sink, Frames.frame(opcode, callId, target, payload));
        } catch (TransportException refused) {
            check(!accepted, "refused opcode %d, number %d, target %d: %s", opcode, callId, target, refused);
            throw refused;
        }
        check(accepted, "accepted opcode %d, number %d, target %d", opcode, callId, target);
        return 1;
    }

    private void act(int what) {
        if (what == 5) {
            SendStatus expected = model.isDisconnected()
                    ? SendStatus.DISCONNECTED
                    : model.hasRoom() ? SendStatus.SENT : SendStatus.BACK_PRESSURED;
            SendStatus status = we();
            check(status == expected, "our call is %s, not %s", status, expected);
        } else if (what == 6) {
            long id = ourCall();
            if (model.mayWithdraw()) {
                boolean waits = model.withdraws(id);
                check(connection.cancelCall(id, CallStatus.CANCELLED) == waits, "withdrawn: %s", !waits);
            }
        } else if (what == 7) {
            answer(in.u64());
        } else {
            model.disconnect();
            check(!connection.disconnect(Duration.ZERO), "over although its reader still reads");
        }
    }

    /// We call with the next payload as arguments.
    private SendStatus we() {
        byte[] args = payload();
        int before = ours.size();
        sent.clear();
        SendStatus status = connection.callController(
                TAG, MemorySegment.ofArray(args), 0, args.length, new Heard(), 0, Session.NO_TIMEOUT);
        boolean taken = status == SendStatus.SENT;
        check(ours.size() - before == (taken ? 1 : 0), "%s, and %d numbers", status, ours.size() - before);
        checkSent(taken ? List.of(frame(Opcode.CALL, ours.getLast(), TAG.value(), args)) : List.of());
        return status;
    }

    private void answer(long callId) {
        byte[] bytes = payload();
        sent.clear();
        connection.sendWrapperResult(MemorySegment.ofArray(bytes), 0, bytes.length, callId);
        checkSent(List.of(frame(Opcode.RESULT, callId, 0, bytes)));
    }

    /// Keeps how a call of ours ended.
    private final class Heard implements ResultHandler {

        private long id;

        @Override
        public void onPending(long callId) {
            id = callId;
            ours.add(callId);
            model.called(callId);
        }

        @Override
        public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
            heard.add(ConnectionModel.told(id, status, copy(bytes, offset, length)));
        }
    }

    /// A call that was made, or the number of none.
    private long ourCall() {
        int which = in.u8() % (ours.size() + 1);
        return which < ours.size() ? ours.get(which) : 1_000_000;
    }

    private byte[] payload() {
        return in.bytes(in.u8() & MAX_PAYLOAD_BYTES);
    }

    private static ConnectionModel.End endOf(@Nullable OrcException failure) {
        if (failure == null) {
            return ConnectionModel.End.ORDERLY;
        }
        if (failure.isA(TransportException.PROTOCOL_VIOLATION)) {
            return ConnectionModel.End.VIOLATION;
        }
        check(failure.isA(TransportException.PEER_GONE), "an end of kind %s", failure.typeId());
        return String.valueOf(failure.getMessage()).startsWith("the controller hung up: ")
                ? ConnectionModel.End.HUNG_UP
                : ConnectionModel.End.WITHOUT_HANGUP;
    }

    private static byte[] copy(MemorySegment bytes, long offset, long length) {
        return bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static String frame(long opcode, long callId, long target, byte[] payload) {
        return ConnectionModel.hex(Frames.frame(opcode, callId, target, payload));
    }

    private void checkSent(List<String> expected) {
        check(sent.equals(expected), "sent %s, not %s", sent, expected);
    }

    private static void check(boolean holds, String text, @Nullable Object... values) {
        if (!holds) {
            throw new AssertionError(text.formatted(values));
        }
    }

    @Override
    public @Nullable Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
        String bytes = ConnectionModel.hex(copy(args, offset, length));
        heard.add("call #%d of %d: %s".formatted(callId, target, bytes));
        return null;
    }

    @Override
    public void dispatch(Task run) {
        throw new AssertionError("this port leaves nothing to do");
    }

    @Override
    public void onDisconnected(@Nullable OrcException reason) {
        ends++;
        failure = reason;
    }

    @Override
    public MemorySegment outgoing() {
        return MemorySegment.ofArray(outgoing);
    }

    @Override
    public long tryClaim(long frameBytes) {
        return 0;
    }

    @Override
    public void commit(long offset, long frameBytes) {
        sent.add(ConnectionModel.hex(copy(MemorySegment.ofArray(outgoing), offset, frameBytes)));
    }

    @Override
    public void flush(int urgency) {}

    @Override
    public long maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public boolean readable() {
        return true;
    }

    @Override
    public void close() {}

    @Override
    protected void awaitReadable(long timeoutNs) {}

    @Override
    protected void interruptWait() {}
}
