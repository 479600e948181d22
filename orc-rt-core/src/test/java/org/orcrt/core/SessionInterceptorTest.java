// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.Execution;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.WrapperReturn;
import org.orcrt.core.InMemoryController.Reply;
import org.orcrt.core.SessionHarness.Stuck;
import org.orcrt.spi.CallInterceptor;
import org.orcrt.spi.OwnThreadCall;
import org.orcrt.testing.Bounded;

/// What goes around calls that may run foreign code.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionInterceptorTest {

    private final SessionHarness harness = new SessionHarness();

    @AfterEach
    void end() {
        harness.close();
    }

    private CallInterceptor named(String name) {
        return call -> {
            harness.events.add("into " + name);
            call.proceed(call.reply());
            harness.events.add("out of " + name);
        };
    }

    private long recording(Execution execution) {
        return harness.function(execution, (args, offset, length, reply) -> {
            harness.events.add("function");
            reply.result(args, offset, length);
        });
    }

    @Test
    @Tag("EP-10")
    void later_interceptors_go_around_earlier_ones() throws Exception {
        harness.setup.interceptor(named("first"));
        harness.setup.interceptor(named("second"));
        harness.setup.interceptor(named("third"));
        long own = recording(Execution.OWN_THREAD);
        harness.attach();
        harness.controller.callAndWait(own, new byte[1], 1);
        harness.assertCleanShutdown();
        assertThat(harness.events)
                .containsExactly(
                        "into third",
                        "into second",
                        "into first",
                        "function",
                        "out of first",
                        "out of second",
                        "out of third");
    }

    @Test
    @Tag("EP-10")
    void native_functions_are_gone_around_too() throws Exception {
        AtomicReference<Long> target = new AtomicReference<>();
        harness.setup.interceptor(call -> {
            target.set(call.target());
            call.proceed(call.reply());
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(0x1234, new byte[1], 1).error())
                .contains("cannot call native code");
        assertThat(target).hasValue(0x1234L);
    }

    @ParameterizedTest
    @Tag("EP-10")
    @EnumSource(
            value = Execution.class,
            names = {"LEAF", "DISPATCHED"})
    void functions_that_run_no_foreign_code_are_not(Execution execution) throws Exception {
        harness.setup.interceptor(named("any"));
        long plain = recording(execution);
        harness.attach();
        harness.controller.callAndWait(plain, new byte[1], 1);
        harness.assertCleanShutdown();
        assertThat(harness.events).containsExactly("function");
    }

    @Test
    void an_interceptor_sees_the_call_on_the_calls_own_thread() throws Exception {
        AtomicReference<Thread> around = new AtomicReference<>();
        AtomicReference<Thread> inside = new AtomicReference<>();
        AtomicReference<byte[]> args = new AtomicReference<>();
        AtomicReference<Long> target = new AtomicReference<>();
        harness.setup.interceptor(call -> {
            around.set(Thread.currentThread());
            args.set(call.args().toArray(ValueLayout.JAVA_BYTE));
            target.set(call.target());
            call.proceed(call.reply());
        });
        long own = harness.function(Execution.OWN_THREAD, (bytes, offset, length, reply) -> {
            inside.set(Thread.currentThread());
            reply.result(bytes, offset, length);
        });
        harness.attach();
        harness.controller.callAndWait(own, new byte[] {1, 2, 3}, 1);
        assertThat(around.get()).isSameAs(inside.get()).isNotSameAs(harness.controller.reader());
        assertThat(args.get()).containsExactly(1, 2, 3);
        assertThat(target).hasValue(own);
    }

    @Test
    void an_interceptor_may_answer_in_the_place_of_the_function() throws Exception {
        harness.setup.interceptor(call -> call.reply().outOfBandError("not today"));
        long own = recording(Execution.OWN_THREAD);
        harness.attach();
        assertThat(harness.controller.callAndWait(own, new byte[1], 1).error()).isEqualTo("not today");
        harness.assertCleanShutdown();
        assertThat(harness.events).isEmpty();
    }

    @Test
    void each_layer_may_change_the_answer_on_its_way_out() throws Exception {
        harness.setup.interceptor(call -> call.proceed(appending(call.reply(), "inner")));
        harness.setup.interceptor(call -> call.proceed(appending(call.reply(), "outer")));
        long own = harness.function(
                Execution.OWN_THREAD, (args, offset, length, reply) -> reply.outOfBandError("function"));
        harness.attach();
        assertThat(harness.controller.callAndWait(own, new byte[1], 1).error()).isEqualTo("function inner outer");
    }

    private static WrapperReturn appending(WrapperReturn reply, String word) {
        return new WrapperReturn() {
            @Override
            public void result(MemorySegment bytes, long offset, long length) {
                reply.result(bytes, offset, length);
            }

            @Override
            public void outOfBandError(String text) {
                reply.outOfBandError(text + " " + word);
            }
        };
    }

    @Test
    void an_interceptor_that_throws_gives_one_error_and_one_report() throws Exception {
        IllegalStateException planted = new IllegalStateException("planted");
        harness.setup.interceptor(call -> {
            throw planted;
        });
        long own = recording(Execution.OWN_THREAD);
        long leaf = harness.echo(Execution.LEAF);
        harness.attach();
        assertThat(harness.controller.callAndWait(own, new byte[1], 1).error())
                .isEqualTo("the function threw " + planted);
        harness.controller.callAndWait(leaf, new byte[1], 2);
        harness.assertCleanShutdown();
        assertThat(harness.reports).containsExactly(planted);
        assertThat(harness.events).isEmpty();
    }

    @Test
    void what_the_function_throws_passes_through_the_interceptors() throws Exception {
        harness.setup.interceptor(call -> {
            try {
                call.proceed(call.reply());
            } finally {
                harness.events.add("unwound");
            }
        });
        long own = harness.function(Execution.OWN_THREAD, (args, offset, length, reply) -> {
            throw new AssertionError("planted");
        });
        harness.attach();
        assertThat(harness.controller.callAndWait(own, new byte[1], 1).error()).contains("planted");
        assertThat(harness.events).containsExactly("unwound");
    }

    @Test
    void after_abandon_shutdown_is_clean_while_the_thread_stands_where_it_is() throws Exception {
        LinkedBlockingQueue<OwnThreadCall> calls = new LinkedBlockingQueue<>();
        harness.setup.interceptor(call -> {
            calls.add(call);
            call.proceed(call.reply());
        });
        harness.manager("m");
        Stuck stuck = harness.stuckFunction();
        harness.attach();
        harness.controller.call(stuck.address(), new byte[1], 1);
        Thread parked = stuck.awaitStarted();
        OwnThreadCall call = Bounded.take(calls);
        call.reply().outOfBandError("the program has ended");
        call.abandon();
        call.abandon();
        assertThat(harness.controller.awaitReply().error()).isEqualTo("the program has ended");
        long beforeNs = System.nanoTime();
        ShutdownReport report = harness.session.shutdown(SessionHarness.LONG);
        assertThat(System.nanoTime() - beforeNs).isLessThan(SessionHarness.LONG.toNanos() / 2);
        assertThat(report.isClean()).isTrue();
        assertThat(harness.events).containsExactly("detach m", "shutdown m");
        assertThat(parked.isAlive()).isTrue();
    }

    @Test
    void a_shutdown_that_already_waits_proceeds_when_the_last_call_is_abandoned() throws Exception {
        LinkedBlockingQueue<OwnThreadCall> calls = new LinkedBlockingQueue<>();
        harness.setup.interceptor(call -> {
            calls.add(call);
            call.proceed(call.reply());
        });
        Stuck stuck = harness.stuckFunction();
        harness.attach();
        harness.controller.call(stuck.address(), new byte[1], 1);
        stuck.awaitStarted();
        Bounded.Running<ShutdownReport> shutdown = Bounded.start(() -> harness.session.shutdown(SessionHarness.LONG));
        Bounded.await(harness.controller.ended);
        Bounded.untilWaiting(shutdown.thread());
        Bounded.take(calls).abandon();
        assertThat(shutdown.get().isClean()).isTrue();
    }

    @Test
    void an_abandoned_call_that_comes_back_after_all_breaks_nothing() throws Exception {
        LinkedBlockingQueue<OwnThreadCall> calls = new LinkedBlockingQueue<>();
        harness.setup.interceptor(call -> {
            calls.add(call);
            call.proceed(call.reply());
        });
        Stuck stuck = harness.stuckFunction();
        Stuck other = harness.stuckFunction();
        harness.attach();
        harness.controller.call(stuck.address(), new byte[] {9}, 1);
        Thread back = stuck.awaitStarted();
        Bounded.take(calls).abandon();
        harness.controller.call(other.address(), new byte[1], 2);
        other.awaitStarted();
        stuck.letGo();
        Reply reply = harness.controller.awaitReply();
        assertThat(reply.bytes()).containsExactly(9);
        back.join(SessionHarness.LONG);
        ShutdownReport report = harness.session.shutdown(SessionHarness.SHORT);
        assertThat(report.stillRunning()).as("the other call counts as before").hasSize(1);
        other.letGo();
    }

    @Test
    void only_the_abandoned_call_is_given_up() throws Exception {
        LinkedBlockingQueue<OwnThreadCall> calls = new LinkedBlockingQueue<>();
        harness.setup.interceptor(call -> {
            calls.add(call);
            call.proceed(call.reply());
        });
        List<Stuck> both = List.of(harness.stuckFunction(), harness.stuckFunction());
        harness.attach();
        for (Stuck one : both) {
            harness.controller.call(one.address(), new byte[1], one.address());
            one.awaitStarted();
        }
        Bounded.take(calls).abandon();
        ShutdownReport report = harness.session.shutdown(SessionHarness.SHORT);
        assertThat(report.stillRunning())
                .singleElement()
                .asString()
                .contains(both.get(1).thread().get().getName());
    }

    @Test
    void a_call_that_waits_for_a_thread_meets_the_interceptors_only_when_it_runs() throws Exception {
        try (SessionHarness narrow =
                new SessionHarness(new SessionLimits(1, 4, 1 << 20, 64, 64, SessionHarness.LONG))) {
            CountDownLatch seen = new CountDownLatch(2);
            narrow.setup.interceptor(call -> {
                seen.countDown();
                call.proceed(call.reply());
            });
            Stuck stuck = narrow.stuckFunction();
            long echo = narrow.echo(Execution.OWN_THREAD);
            narrow.attach();
            narrow.controller.call(stuck.address(), new byte[1], 1);
            stuck.awaitStarted();
            narrow.controller.call(echo, new byte[1], 2);
            narrow.controller.awaitRead();
            assertThat(seen.getCount()).isOne();
            stuck.letGo();
            Bounded.await(seen);
            narrow.assertCleanShutdown();
        }
    }
}
