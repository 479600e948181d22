// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.orcrt.api.Execution;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.WrapperFunction;
import org.orcrt.executor.Executor;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.testing.FaultyCalls;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Fault;
import org.orcrt.wire.Opcode;

/// One session from its beginning to its end, with a controller that waits for every step, so that each thread makes
/// the same system calls every time.
final class AttachLife {

    /// What a call is noted as that is about the event counter.
    static final String EVENT = "event";

    private static final String READER = "orc-reader";
    private static final String ECHO = "attach_faults_echo";
    private static final byte[] WORD = {1, 2, 3};
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final AttachPeer peer;
    private final boolean hangup;
    private final FaultyCalls faulty;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    /// What the controller's answer led to.
    private final AtomicInteger answers = new AtomicInteger();

    private Predicate<Call> isAbsorbed = call -> true;
    private volatile boolean ended;
    private volatile Optional<Throwable> failure = Optional.empty();
    private List<Call> calls = List.of();

    AttachLife(AttachPeer peer, boolean hangup) {
        this.peer = peer;
        this.hangup = hangup;
        faulty = new FaultyCalls(SystemCalls.real(), this::noteOf);
    }

    private String noteOf(String name, List<Object> args) {
        boolean isTransfer = name.equals("read") || name.equals("write");
        return isTransfer
                        && !args.getFirst().equals(peer.in)
                        && !args.getFirst().equals(peer.out)
                ? EVENT
                : "";
    }

    SystemCalls system() {
        return faulty.as(SystemCalls.class);
    }

    /// Why there was no session, or why it ended.
    Optional<Throwable> failure() {
        return failure;
    }

    /// What was not as it must be.
    List<String> problems() {
        return problems;
    }

    /// The system calls of the transport.
    List<Call> calls() {
        return calls;
    }

    /// @param absorbed whether nobody feels that a call failed
    void run(List<Fault> faults, Predicate<Call> absorbed) {
        isAbsorbed = absorbed;
        faulty.arm(faults);
        try {
            Session session = Executor.builder()
                    .spec("faulty:%d,%d?peer=llvm".formatted(peer.in, peer.out))
                    .plugin(new Functions())
                    .errorReporter(reported -> problems.add("reported: " + reported))
                    .onDisconnected(this::ended)
                    .start();
            talk(session);
            end(session);
        } catch (IOException | OrcException refused) {
            failure = Optional.of(refused);
        }
        calls = faulty.disarm();
    }

    private void ended(Optional<OrcException> why) {
        if (ended) {
            problems.add("ended twice");
        }
        failure = why.map(Throwable.class::cast);
        ended = true;
    }

    private void talk(Session session) {
        if (peer.receive() == null) {
            return;
        }
        long echo = session.bootstrapInfo().symbols().get(ECHO).value();
        peer.send(Opcode.CALL, 7, echo, WORD);
        if (!isFrame(peer.receive(), Opcode.RESULT)) {
            return;
        }
        SendStatus status = session.callController(
                new HandlerTag(0xfa),
                MemorySegment.ofArray(WORD),
                0,
                WORD.length,
                (told, bytes, offset, length, context) -> answers.incrementAndGet(),
                0,
                Session.NO_TIMEOUT);
        if (status == SendStatus.SENT) {
            ByteBuffer call = peer.receive();
            if (isFrame(call, Opcode.CALL)) {
                peer.send(Opcode.RESULT, call.getLong(16), 0, WORD);
            }
            await("an answer", () -> answers.get() > 0);
        }
        await("the reader's sleep", () -> ended || isFelt() || isReaderAsleep());
        if (answers.get() != (status == SendStatus.SENT ? 1 : 0)) {
            problems.add("%s, answered %d times".formatted(status, answers.get()));
        }
    }

    private boolean isFrame(ByteBuffer frame, long opcode) {
        if (frame == null) {
            return false;
        }
        boolean echoed = frame.limit() == AttachPeer.HEADER_BYTES + WORD.length
                && frame.slice(AttachPeer.HEADER_BYTES, WORD.length).equals(ByteBuffer.wrap(WORD));
        if (frame.getLong(8) != opcode || !echoed) {
            problems.add(
                    "a frame with opcode %d, not %d, and %d bytes".formatted(frame.getLong(8), opcode, frame.limit()));
        }
        return true;
    }

    private void end(Session session) {
        if (hangup && !isFelt()) {
            peer.send(Opcode.HANGUP, 0, 0, (byte) 0);
        }
        if (hangup || isFelt()) {
            // the reader lets the channel go at the very end; until then somebody may ring
            await(
                    "the end",
                    () -> faulty.calls().stream()
                                    .filter(call -> call.name().equals("munmap"))
                                    .count()
                            == 2);
        }
        ShutdownReport report = session.shutdown(BOUND);
        if (!report.isClean() || !ended) {
            problems.add("ended: %s, %s".formatted(ended, report));
        }
        if (session.tryEnter() != null) {
            problems.add("the session can be entered");
        }
    }

    /// Whether the session ends by itself because of what failed.
    private boolean isFelt() {
        return faulty.calls().stream().anyMatch(call -> call.fault().isPresent() && !isAbsorbed.test(call));
    }

    /// Whether it is in a wait that comes after everything that it had to do.
    private boolean isReaderAsleep() {
        List<Call> made = faulty.calls().stream()
                .filter(call -> call.thread().equals(READER))
                .toList();
        long reads = made.stream()
                .filter(call -> call.name().equals("read") && call.note().isEmpty())
                .filter(call -> call.fault().isEmpty())
                .count();
        Call last = made.isEmpty() ? null : made.getLast();
        return reads >= 2
                && last != null
                && last.name().equals("poll")
                && last.args().get(1).equals(2)
                && last.fault().isEmpty();
    }

    private void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited %s for %s; calls: %s".formatted(BOUND, what, faulty.calls()));
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /// A function for the controller to call.
    private static final class Functions implements ExecutorPlugin {

        @Override
        public String name() {
            return "attach-faults";
        }

        @Override
        public void install(ExecutorSetup setup) {
            setup.function(
                    ECHO,
                    WrapperFunction.on(
                            Execution.LEAF, (args, offset, length, reply) -> reply.result(args, offset, length)));
        }
    }
}
