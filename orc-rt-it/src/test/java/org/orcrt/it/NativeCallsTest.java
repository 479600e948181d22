// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.Lifetime;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.memory.SimpleNativeMemoryMap;

/// Calls between a session and compiled C, in both forms, both directions, and from threads of C.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeCallsTest {

    private static final int PAGE = 4096;
    private static final HandlerTag FLIP = new HandlerTag(0x71a9);
    private static final HandlerTag FAIL = new HandlerTag(0x71aa);
    private static final HandlerTag KEEP = new HandlerTag(0x71ab);

    /// As C flips bytes, so that nothing passes by staying what it was.
    private static final WrapperFunction FLIPPING = (args, offset, length, reply) -> {
        byte[] bytes = bytes(args, offset, length);
        flip(bytes);
        reply.result(MemorySegment.ofArray(bytes), 0, length);
    };

    private NativeLibrary library;

    @BeforeAll
    void load(@TempDir Path directory) {
        library = NativeLibrary.load(NativeLibrary.compile(directory, "native.c"));
    }

    static IntStream sizes() {
        return IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.of(4095, 4096, 4097, 1 << 20));
    }

    private static byte[] bytes(MemorySegment from, long offset, long length) {
        return from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static void flip(byte[] bytes) {
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] ^= 0x5a;
        }
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int k = 0; k < size; k++) {
            bytes[k] = (byte) (k * 31 + 1);
        }
        return bytes;
    }

    private static byte[] flipped(int size) {
        byte[] bytes = pattern(size);
        flip(bytes);
        return bytes;
    }

    private NativeSession session() {
        return new NativeSession(setup -> {
            for (String name :
                    List.of("asyncFlip", "asyncFlipLater", "asyncError", "asyncTwice", "asyncKeep", "asyncStuck")) {
                setup.asyncFunction(name, new ExecutorAddress(library.address(name)));
            }
            for (String name : List.of("syncFlip", "syncError")) {
                setup.symbol(name, new ExecutorAddress(library.address(name)));
            }
            setup.function("javaSync", FLIPPING);
            setup.asyncFunction("javaAsync", FLIPPING);
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void the_controller_calls_c_in_both_forms(int size) {
        try (NativeSession session = session()) {
            for (String name : List.of("syncFlip", "asyncFlip", "asyncFlipLater", "javaSync", "javaAsync")) {
                assertThat(session.call(session.address(name), pattern(size)))
                        .as(name)
                        .succeedsWithin(NativeSession.LONG)
                        .isEqualTo(flipped(size));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void c_calls_java_in_both_forms_from_threads_of_java_and_of_c(int size) {
        try (NativeSession session = session()) {
            long javaSync = session.address("javaSync");
            long javaAsync = session.address("javaAsync");
            for (int times : new int[] {1, 3}) {
                assertThat(call("callSync", javaSync, size, times)).isZero();
                assertThat(call("callAsync", javaAsync, size, times)).isZero();
                assertThat(onThread("callSync", javaSync, size, times)).isZero();
                assertThat(onThread("callAsync", javaAsync, size, times)).isZero();
            }
        }
    }

    private long call(String caller, long function, long size, long times) {
        return NativeFunctions.call(library.address(caller), function, size, times, 0, 0, 0);
    }

    private long onThread(String caller, long function, long size, long times) {
        return NativeFunctions.call(library.address("onThread"), library.address(caller), function, size, times, 0, 0);
    }

    @Test
    void a_java_function_answers_c_later_and_from_another_thread() {
        List<Thread> answering = new ArrayList<>();
        WrapperFunction later = (args, offset, length, reply) -> {
            byte[] bytes = bytes(args, offset, length);
            flip(bytes);
            answering.add(Thread.ofPlatform().start(() -> {
                reply.result(MemorySegment.ofArray(bytes), 0, bytes.length);
            }));
        };
        try (NativeSession session = new NativeSession(setup -> setup.asyncFunction("later", later))) {
            assertThat(call("callAsync", session.address("later"), 100, 5)).isZero();
            assertThat(onThread("callAsync", session.address("later"), 5, 5)).isZero();
        }
        assertThat(answering).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"syncError", "asyncError"})
    void an_error_of_c_keeps_its_text(String name) {
        try (NativeSession session = session()) {
            assertThat(session.call(session.address(name), pattern(20)))
                    .failsWithin(NativeSession.LONG)
                    .withThrowableThat()
                    .withMessageContaining("no luck today");
        }
    }

    @Test
    void a_second_answer_of_c_is_counted_and_reaches_nobody() {
        FfmLinker linker = new FfmLinker();
        long before = linker.strayReturns();
        try (NativeSession session = session()) {
            for (int size : new int[] {3, 300}) {
                assertThat(session.call(session.address("asyncTwice"), pattern(size)))
                        .succeedsWithin(NativeSession.LONG)
                        .isEqualTo(flipped(size));
            }
        }
        assertThat(linker.strayReturns()).isEqualTo(before + 2);
    }

    @Test
    void a_call_is_over_for_the_session_when_c_returns_and_an_answer_after_the_end_is_counted() throws Exception {
        FfmLinker linker = new FfmLinker();
        long before = linker.strayReturns();
        CompletableFuture<byte[]> answer;
        try (NativeSession session = session()) {
            answer = session.call(session.address("asyncKeep"), pattern(100));
            assertThat(session.call(session.address("syncFlip"), pattern(1)).get(20, TimeUnit.SECONDS))
                    .as("the session goes on")
                    .isEqualTo(flipped(1));
            assertThat(answer).isNotDone();
            assertThat(session.session.shutdown(NativeSession.LONG).isClean())
                    .as("nobody waits for an answer that may never come")
                    .isTrue();
            assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS)).hasMessageContaining("the connection ended");
        }
        assertThat(linker.strayReturns()).isEqualTo(before);
        NativeFunctions.call(library.address("answerKept"), 0);
        assertThat(linker.strayReturns()).isEqualTo(before + 1);
    }

    @Test
    void a_function_of_the_asynchronous_form_that_does_not_return_is_named_and_its_caller_has_a_deadline() {
        door(false);
        try (NativeSession session = session()) {
            CompletableFuture<byte[]> given = session.controller
                    .callWrapperAsync(
                            new ExecutorAddress(session.address("asyncStuck")), pattern(10), Duration.ofMillis(50))
                    .toCompletableFuture();
            assertThat(given)
                    .failsWithin(NativeSession.LONG)
                    .withThrowableThat()
                    .withMessageContaining("no answer within 50 ms");
            until("the function stands inside", () -> inside() == 1);
            assertThat(session.session.shutdown(Duration.ofMillis(50)).stillRunning())
                    .anySatisfy(name -> assertThat(name).contains("orc-call-", "AsyncCall.invoke"));
            door(true);
            assertThat(session.session.shutdown(NativeSession.LONG).isClean()).isTrue();
        }
    }

    @Test
    void native_code_that_takes_an_answer_and_does_not_return_is_named_and_nothing_is_freed_under_it() {
        door(false);
        try (NativeSession session = session()) {
            handlers(session, new ArrayList<>());
            NativeFunctions.call(
                    library.address("askAndStayInside"), session.address("orc_rt_Session_Instance"), FLIP.value());
            until("ret stands inside", () -> inside() == 1);
            assertThat(session.session.shutdown(Duration.ofMillis(50)).stillRunning())
                    .anySatisfy(name -> assertThat(name).contains("orc-call-", "ControllerCall.run"));
            door(true);
            assertThat(session.session.shutdown(NativeSession.LONG).isClean()).isTrue();
        }
    }

    @Test
    @Tag("J5")
    void memory_is_not_freed_under_a_native_call_however_it_was_called() {
        door(false);
        try (NativeSession session = session()) {
            NativeMemoryMap memory =
                    session.session.resource(SimpleNativeMemoryMap.class).orElseThrow();
            long slab = memory.reserve(PAGE).value();
            memory.initialize(slabThatCalls(slab, library.address("standInside")));
            CompletableFuture<byte[]> answer = session.call(slab, pattern(3));
            until("the function stands inside", () -> inside() == 1);
            assertThat(session.session.shutdown(Duration.ofMillis(50)).isClean())
                    .isFalse();
            assertThat(SystemCalls.mappings()).containsKey(slab);
            assertThat(answer).as("the connection is over").failsWithin(NativeSession.LONG);
            door(true); // the call comes back through the slab: without it, this process ends here
            assertThat(session.session.shutdown(NativeSession.LONG).isClean()).isTrue();
            assertThat(SystemCalls.mappings()).doesNotContainKey(slab);
        }
    }

    /// A page with a wrapper function that calls another function and returns nothing.
    private static InitializeRequest slabThatCalls(long slab, long function) {
        ByteBuffer code = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        code.put((byte) 0x50); // push rax: the stack is aligned again
        code.put((byte) 0x48).put((byte) 0xb8).putLong(function); // mov rax, function
        code.put((byte) 0xff).put((byte) 0xd0); // call rax
        code.put((byte) 0x59); // pop rcx
        code.put((byte) 0x31).put((byte) 0xc0); // xor eax, eax
        code.put((byte) 0x31).put((byte) 0xd2); // xor edx, edx
        code.put((byte) 0xc3); // ret
        AllocGroup executable = new AllocGroup(true, false, true, Lifetime.STANDARD);
        SegmentRequest segment =
                new SegmentRequest(executable, new ExecutorAddress(slab), PAGE, MemorySegment.ofArray(code.array()));
        return new InitializeRequest(List.of(segment), List.of());
    }

    private void door(boolean isOpen) {
        NativeFunctions.call(library.address("openDoor"), isOpen ? 1 : 0);
    }

    private long inside() {
        return NativeFunctions.call(library.address("howManyInside"), 0);
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + NativeSession.LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNs).as(what).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void handlers(NativeSession session, List<WrapperReturn> kept) {
        session.controller.registerHandler(FLIP, FLIPPING);
        session.controller.registerHandler(
                FAIL, (args, offset, length, reply) -> reply.outOfBandError("refused by böulder"));
        session.controller.registerHandler(KEEP, (args, offset, length, reply) -> kept.add(reply));
        NativeFunctions.call(library.address("useController"), session.address("orc_rt_Session_callController"));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void c_calls_the_controller_by_name_from_threads_of_java_and_of_c(int size) {
        try (NativeSession session = session()) {
            handlers(session, new ArrayList<>());
            long instance = session.address("orc_rt_Session_Instance");
            for (String ask : List.of("askController", "askOnThread")) {
                assertThat(NativeFunctions.call(library.address(ask), instance, FLIP.value(), size, 3, 0, 0))
                        .as(ask)
                        .isZero();
            }
        }
    }

    /// What C heard, and whether it heard it before its call returned.
    private record Heard(String text, boolean onCallersThread) {}

    private Heard errorOf(String question, long instance, HandlerTag tag) {
        long own = NativeMemory.malloc(Long.BYTES);
        try {
            long text = NativeFunctions.call(library.address(question), instance, tag.value(), own, 0, 0, 0);
            assertThat(text).isNotZero();
            Heard heard = new Heard(NativeMemory.cString(text), NativeMemory.getLong(own) != 0);
            NativeMemory.free(text);
            return heard;
        } finally {
            NativeMemory.free(own);
        }
    }

    @Test
    void errors_of_a_call_to_the_controller_are_out_of_band() {
        long instance;
        try (NativeSession session = session()) {
            handlers(session, new ArrayList<>());
            instance = session.address("orc_rt_Session_Instance");
            assertThat(errorOf("errorOfCall", instance, FAIL)).isEqualTo(new Heard("refused by böulder", false));
            assertThat(errorOf("errorOfCall", instance, new HandlerTag(0xdead)).text())
                    .isEqualTo("no handler is registered under tag 0xdead");
            assertThat(errorOf("errorOfError", instance, FLIP)).isEqualTo(new Heard("already wrong", true));
            assertThat(errorOf("errorOfCall", 0, FLIP)).isEqualTo(new Heard("no controller attached", true));
            session.session.detach();
            assertThat(errorOf("errorOfCall", instance, FLIP)).isEqualTo(new Heard("no controller attached", true));
        }
        assertThat(errorOf("errorOfCall", instance, FLIP)).isEqualTo(new Heard("no controller attached", true));
    }

    @Test
    void a_call_that_waits_when_the_session_ends_is_told_before_anything_is_freed() throws Exception {
        List<WrapperReturn> kept = new CopyOnWriteArrayList<>();
        try (NativeSession session = session()) {
            handlers(session, kept);
            long instance = session.address("orc_rt_Session_Instance");
            CompletableFuture<Heard> waiting = CompletableFuture.supplyAsync(
                    () -> errorOf("errorOfCall", instance, KEEP),
                    work -> Thread.ofPlatform().daemon().start(work));
            until("the handler was called", () -> !kept.isEmpty());
            assertThat(session.session.shutdown(NativeSession.LONG).isClean()).isTrue();
            assertThat(waiting).succeedsWithin(NativeSession.LONG).isEqualTo(new Heard("disconnected", false));
        }
    }

    @Test
    void two_sessions_of_one_process_have_two_names() {
        try (NativeSession one = session();
                NativeSession two = session()) {
            assertThat(one.address("orc_rt_Session_Instance")).isNotEqualTo(two.address("orc_rt_Session_Instance"));
            assertThat(one.address("orc_rt_Session_callController"))
                    .isEqualTo(two.address("orc_rt_Session_callController"));
        }
    }

    @Test
    void threads_of_c_leave_no_thread_of_java_behind() {
        try (NativeSession session = session()) {
            long javaAsync = session.address("javaAsync");
            long before = javaThreads();
            for (int k = 0; k < 50; k++) {
                assertThat(onThread("callAsync", javaAsync, 100, 1)).isZero();
            }
            until("attached threads detach", () -> javaThreads() <= before);
        }
    }

    private static long javaThreads() {
        return Stream.of(Thread.getAllStackTraces().keySet().toArray(Thread[]::new))
                .filter(Thread::isAlive)
                .count();
    }
}
