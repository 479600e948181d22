// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.OwnThreadCall;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.ScriptedTask;
import org.orcrt.testing.Bounded;

/// Calls of native functions, over a linker that writes down what becomes of their arguments: each call is made or
/// discarded, once, on every way that it can go.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeCallsTest {

    private static final long ECHO = 0x1000;
    private static final long STUCK = 0x2000;
    private static final long ASYNC = 0x3000;
    private static final byte[] ARGS = {1, 2, 3};

    private final RecordingLinker linker = new RecordingLinker();
    private final InMemoryController controller = new InMemoryController();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch door = new CountDownLatch(1);

    /// One call runs, one waits.
    private final DefaultSession session = new DefaultSession(
            new SessionLimits(1, 1, 1 << 20, 64, 64, SessionHarness.LONG),
            new SessionHooks(failure -> {}, null, new ThreadPerCallTaskDispatcher(1, 1, 1 << 20)),
            linker);

    private final ExecutorSetup setup = new PluginSetup(session, "test", SessionHarness.PROCESS, false, Map.of());

    @AfterEach
    void every_call_has_ended_once() {
        door.countDown();
        session.close();
        assertThat(linker.calls)
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.end.get())
                        .as("call of 0x%x", call.address)
                        .isNotNull());
        if (controller.reader().isAlive()) {
            controller.hangUp(null);
            Bounded.await(controller.ended);
        }
    }

    private void attach() {
        session.parts().complete(SessionHarness.PROCESS);
        session.attach(controller);
    }

    private void stand() {
        controller.call(STUCK, ARGS, 1);
        Bounded.await(inside);
    }

    private void assertEnds(String... ends) {
        assertThat(linker.calls).extracting(call -> call.end.get()).containsExactly(ends);
    }

    @Test
    void a_call_is_made_with_its_own_copy() throws Exception {
        attach();
        assertThat(controller.callAndWait(ECHO, ARGS, 7).bytes()).isEqualTo(ARGS);
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertEnds("made");
    }

    @Test
    void a_call_that_finds_no_room_is_discarded() throws Exception {
        attach();
        stand();
        controller.call(ECHO, ARGS, 2);
        assertThat(controller.callAndWait(ECHO, ARGS, 3).error()).startsWith("overloaded");
        Bounded.until("discarded", () -> linker.calls.get(2).end.get() != null); // after the answer
        door.countDown();
        assertThat(controller.awaitReply().bytes()).isEqualTo(ARGS);
        assertThat(controller.awaitReply().bytes()).isEqualTo(ARGS);
        assertEnds("made", "made", "discarded");
    }

    @Test
    void a_call_that_waits_for_a_thread_when_the_session_ends_is_discarded() {
        attach();
        stand();
        controller.call(ECHO, ARGS, 2);
        controller.awaitRead();
        assertThat(session.shutdown(SessionHarness.SHORT).isClean()).isFalse();
        assertEnds("made", "discarded");
    }

    @Test
    void a_call_whose_thread_comes_after_the_controller_went_is_discarded() {
        attach();
        stand();
        controller.call(ECHO, ARGS, 2);
        controller.hangUp(null);
        Bounded.await(controller.ended);
        door.countDown();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertEnds("made", "discarded");
    }

    @Test
    void a_call_that_comes_after_the_end_is_discarded() {
        attach();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertThat(session.onWrapperCall(ECHO, MemorySegment.ofArray(ARGS), 0, 3, 1))
                .isNull();
        assertEnds("discarded");
    }

    @Test
    void a_call_that_an_interceptor_answers_or_breaks_is_discarded() throws Exception {
        AtomicReference<Runnable> then = new AtomicReference<>(() -> {});
        setup.interceptor(call -> {
            assertThat(call.args().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(ARGS);
            then.get().run();
            call.reply().outOfBandError("not today");
        });
        attach();
        assertThat(controller.callAndWait(ECHO, ARGS, 1).error()).isEqualTo("not today");
        then.set(() -> {
            throw new IllegalStateException("planted");
        });
        assertThat(controller.callAndWait(ECHO, ARGS, 2).error()).contains("planted");
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertEnds("discarded", "discarded");
    }

    @Test
    void an_interceptor_that_goes_on_twice_makes_the_call_once() throws Exception {
        setup.interceptor(call -> {
            call.proceed(call.reply());
            call.proceed(call.reply());
        });
        attach();
        assertThat(controller.callAndWait(ECHO, ARGS, 1).bytes()).isEqualTo(ARGS);
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertEnds("made");
    }

    @Test
    void an_abandoned_call_keeps_its_arguments() {
        AtomicReference<OwnThreadCall> abandoned = new AtomicReference<>();
        setup.interceptor(call -> {
            abandoned.set(call);
            call.proceed(call.reply());
        });
        attach();
        stand();
        abandoned.get().abandon();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertEnds("made");
        assertThat(linker.calls.getFirst().discards)
                .as("nobody tries while it runs")
                .isEmpty();
        door.countDown();
        Bounded.until(
                "the call returns", () -> !linker.calls.getFirst().discards.isEmpty());
    }

    @Test
    void an_address_is_asynchronous_if_a_plug_in_says_so_and_the_session_is_forgotten_at_the_end() throws Exception {
        setup.asyncFunction("one", new ExecutorAddress(ASYNC));
        setup.asyncFunction("two", new ExecutorAddress(ASYNC + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> setup.asyncFunction("null", new ExecutorAddress(0)));
        attach();
        assertThat(session.bootstrapInfo().symbols())
                .containsOnly(
                        Map.entry("one", new ExecutorAddress(ASYNC)), Map.entry("two", new ExecutorAddress(ASYNC + 1)));
        for (long address : new long[] {ASYNC, ECHO, ASYNC + 1}) {
            controller.callAndWait(address, ARGS, address);
        }
        assertThat(linker.calls)
                .extracting(call -> call.convention)
                .containsExactly(CallingConvention.ASYNC, CallingConvention.SYNC, CallingConvention.ASYNC);
        assertThat(linker.calls).extracting(call -> call.session).containsOnly(setup.sessionAddress());
        assertThat(linker.forgotten).isEmpty();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertThat(linker.forgotten).containsExactly(setup.sessionAddress());
    }

    @Test
    void tasks_of_a_plug_in_on_own_threads_run_beside_calls_and_are_named() throws Exception {
        var threads = setup.ownThreads(1);
        attach();
        stand(); // the one thread for calls is taken
        AtomicReference<Thread> ran = new AtomicReference<>();
        var keepalive = session.tryEnter();
        assertThat(threads.dispatch(ScriptedTask.of(() -> {
                    ran.set(Thread.currentThread());
                    SessionHarness.standInThisFunction(door);
                    keepalive.close();
                })))
                .isTrue();
        Bounded.until("the task runs", () -> ran.get() != null);
        assertThat(session.shutdown(SessionHarness.SHORT).stillRunning())
                .anyMatch(
                        name -> name.startsWith(ran.get().getName() + " in ") && name.contains("standInThisFunction"));
        door.countDown();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        assertThat(threads.dispatch(ScriptedTask.of(() -> {}))).isFalse();
    }

    /// Lets native functions echo; [#STUCK] stands inside first.
    private final class RecordingLinker implements WrapperFunctionLinker {

        private final List<WrittenCall> calls = new CopyOnWriteArrayList<>();
        private final List<ExecutorAddress> forgotten = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "recording";
        }

        @Override
        public NativeCall prepare(
                long address,
                CallingConvention convention,
                ExecutorAddress session,
                MemorySegment args,
                long offset,
                long length) {
            byte[] copy = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            WrittenCall call = new WrittenCall(address, convention, session, MemorySegment.ofArray(copy));
            calls.add(call);
            return call;
        }

        @Override
        public void forget(ExecutorAddress session) {
            forgotten.add(session);
        }

        @Override
        public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            throw new AssertionError("nobody binds here");
        }

        @Override
        public void unbind(WrapperFunction function, CallingConvention convention) {
            throw new AssertionError("nobody binds here");
        }

        @Override
        public @Nullable WrapperFunction boundAt(long address) {
            return null;
        }

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            throw new AssertionError("nobody binds here");
        }

        @Override
        public void unbindC(ExecutorAddress address) {
            throw new AssertionError("nobody binds here");
        }
    }

    private final class WrittenCall implements NativeCall {

        private final long address;
        private final CallingConvention convention;
        private final ExecutorAddress session;
        private final MemorySegment args;
        private final AtomicReference<@Nullable String> end = new AtomicReference<>();
        private final List<Thread> discards = new CopyOnWriteArrayList<>();

        WrittenCall(long address, CallingConvention convention, ExecutorAddress session, MemorySegment args) {
            this.address = address;
            this.convention = convention;
            this.session = session;
            this.args = args;
        }

        @Override
        public MemorySegment args() {
            return args;
        }

        @Override
        public void invoke(WrapperReturn reply) {
            if (!end.compareAndSet(null, "made")) {
                throw new IllegalStateException("made or discarded before");
            }
            if (address == STUCK) {
                inside.countDown();
                SessionHarness.standInThisFunction(door);
            }
            reply.result(args, 0, args.byteSize());
        }

        @Override
        public void discard() {
            discards.add(Thread.currentThread());
            end.compareAndSet(null, "discarded");
        }
    }
}
