// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.sps.RemoteFunction;
import org.orcrt.sps.SpsBinder;
import org.orcrt.sps.SpsCall;
import org.orcrt.sps.SpsCodecs;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsInterface;
import org.orcrt.sps.SpsMethod;
import org.orcrt.sps.SpsName;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsUnsigned;

/// Typed proxies call typed functions in one process, in both directions.
class TypedCallsTest {

    private static final int ROUNDS = 20_000;
    private static final long CONSTANT_BYTES = 4096;
    private static final Duration LONG = SessionHarness.LONG;
    private static final SpsInterface<Service> SERVICE =
            SpsBinder.in(MethodHandles.lookup()).withPrefix("test.").bind(Service.class);

    record Point(int x, @SpsUnsigned(8) int y) {}

    /// One method for each way that values and failures go.
    interface Service {
        long add(long left, int right);

        boolean mixed(byte tiny, char letter, @SpsUnsigned(32) long number, boolean flag);

        @SpsName
        String describe(List<Point> points, Map<String, Long> sizes);

        void nothing();

        long fail(String text);

        @SpsMethod(fallible = true)
        long half(long even);

        @SpsMethod(fallible = true)
        void check(String problem);

        CompletionStage<Long> later(long value);

        @SpsMethod(fallible = true)
        CompletionStage<Void> laterChecked(String problem);

        long nested(long depth);

        byte[] large(int bytes);
    }

    private static class Implementation implements Service {

        private LongUnaryOperator back = depth -> 0;

        @Override
        public long add(long left, int right) {
            return left + right;
        }

        @Override
        public boolean mixed(byte tiny, char letter, long number, boolean flag) {
            return tiny == -1 && letter == 'ü' && number == 0xffff_fffeL && flag;
        }

        @Override
        public String describe(List<Point> points, Map<String, Long> sizes) {
            return points + " \u00e9 " + sizes;
        }

        @Override
        public void nothing() {}

        @Override
        public long fail(String text) {
            throw new CallException(CallException.KIND, text);
        }

        @Override
        public long half(long even) {
            if (even % 2 != 0) {
                throw new CallException(CallException.KIND, even + " is odd");
            }
            return even / 2;
        }

        @Override
        public void check(String problem) {
            if (!problem.isEmpty()) {
                throw new CallException(CallException.KIND, problem);
            }
        }

        @Override
        public CompletionStage<Long> later(long value) {
            return value < 0
                    ? CompletableFuture.failedStage(new CallException(CallException.KIND, "negative"))
                    : CompletableFuture.supplyAsync(() -> value + 1);
        }

        @Override
        public CompletionStage<Void> laterChecked(String problem) {
            return CompletableFuture.runAsync(() -> check(problem));
        }

        @Override
        public long nested(long depth) {
            return depth == 0 ? 0 : 1 + back.applyAsLong(depth - 1);
        }

        @Override
        public byte[] large(int bytes) {
            return new byte[bytes];
        }
    }

    private final InProcessHarness harness = new InProcessHarness();
    private final Implementation inExecutor = new Implementation();
    private final Implementation inController = new Implementation();

    private enum Direction {
        TO_EXECUTOR,
        TO_CONTROLLER
    }

    /// Publishes the service at both ends; the handlers' tags are addresses that the executor publishes.
    private Service connect(Direction direction) {
        SERVICE.functions(Execution.DISPATCHED, inExecutor).forEach(harness.setup::function);
        SpsInterface<Service> handlers = handlers();
        for (String name : handlers.names()) {
            harness.setup.symbol(
                    name, new ExecutorAddress(0x1000 + handlers.names().indexOf(name)));
        }
        harness.attach();
        handlers.functions(Execution.DISPATCHED, inController)
                .forEach((name, handler) -> harness.pair
                        .control()
                        .registerHandler(
                                new HandlerTag(harness.session
                                        .bootstrapInfo()
                                        .symbols()
                                        .get(name)
                                        .value()),
                                handler));
        Service executor = SERVICE.proxy(RemoteFunction.in(harness.pair.control()));
        Service controller = handlers.proxy(RemoteFunction.in(harness.session));
        inExecutor.back = controller::nested;
        inController.back = executor::nested;
        return direction == Direction.TO_EXECUTOR ? executor : controller;
    }

    private static SpsInterface<Service> handlers() {
        return SpsBinder.in(MethodHandles.lookup())
                .withPrefix("handler.")
                .strict()
                .bind(Service.class);
    }

    @AfterEach
    void end() {
        harness.close();
        assertThat(harness.reports).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void values_of_every_kind_arrive(Direction direction) {
        Service service = connect(direction);
        assertThat(service.add(1L << 40, -1)).isEqualTo((1L << 40) - 1);
        assertThat(service.mixed((byte) -1, 'ü', 0xffff_fffeL, true)).isTrue();
        assertThat(service.describe(List.of(new Point(1, 2)), Map.of("ß", 3L)))
                .isEqualTo("[Point[x=1, y=2]] \u00e9 {ß=3}");
        service.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_method_throws_is_thrown_at_the_other_end(Direction direction) {
        Service service = connect(direction);
        assertFailed("out of band", () -> service.fail("out of band"));
        assertThat(service.half(4)).isEqualTo(2);
        assertFailed("3 is odd", () -> service.half(3));
        service.check("");
        assertFailed("crushed by boulder", () -> service.check("crushed by boulder"));
    }

    @ParameterizedTest
    @EnumSource
    void stages_complete_later(Direction direction) throws Exception {
        Service service = connect(direction);
        assertThat(get(service.later(41))).isEqualTo(42);
        assertThat(get(service.laterChecked(""))).isNull();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(service.later(-1)))
                .withCauseExactlyInstanceOf(CallException.class)
                .withMessageContaining("negative");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(service.laterChecked("too late")))
                .satisfies(failure -> assertThat(((CallException) failure.getCause()).typeId())
                        .isEqualTo(CallException.HANDLER_FAILED));
    }

    @ParameterizedTest
    @EnumSource
    void calls_nest_in_both_directions_on_one_thread(Direction direction) {
        assertThat(connect(direction).nested(12)).isEqualTo(12);
    }

    interface Adder {
        long add(long left, int right);
    }

    /// Leaves: for others core itself makes an object, because the answer may come later.
    @ParameterizedTest
    @EnumSource
    void a_call_of_a_leaf_with_numbers_allocates_nothing(Direction direction) {
        SpsInterface<Adder> adder = SpsBinder.in(MethodHandles.lookup()).bind(Adder.class);
        WrapperFunction leaf =
                adder.functions(Execution.LEAF, (left, right) -> left + right).get("add");
        ExecutorAddress address = harness.setup.function("add", leaf);
        HandlerTag tag = new HandlerTag(7);
        harness.pair.control().registerHandler(tag, leaf);
        harness.attach();
        RemoteFunction function = direction == Direction.TO_EXECUTOR
                ? RemoteFunction.of(harness.pair.control(), address)
                : RemoteFunction.of(harness.session, tag);
        Adder remote = adder.proxy(name -> function);
        assertAllocatesNothing(k -> remote.add(k, 3) - 3);
    }

    @Test
    void a_reply_larger_than_allowed_is_an_error_and_the_next_call_works() {
        Service service = connect(Direction.TO_EXECUTOR);
        assertThat(service.large(60_000)).hasSize(60_000);
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> service.large(70_000))
                .withMessageContaining("test.large takes 70008 B, but 65536 are allowed");
        Function<String, RemoteFunction> functions = RemoteFunction.in(harness.pair.control());
        Service more = SERVICE.proxy(name -> functions.apply(name).withMaxReplyBytes(1 << 17));
        assertThat(more.large(70_000)).hasSize(70_000);
        assertThat(service.add(1, 1)).isEqualTo(2);
    }

    interface Other {
        @SpsMethod(name = "test.add")
        List<String> add(long left, int right);

        @SpsMethod(name = "test.nothing")
        long nothing();
    }

    @Test
    void a_result_of_another_type_is_an_error_that_names_the_function() {
        connect(Direction.TO_EXECUTOR);
        Other other =
                SpsBinder.in(MethodHandles.lookup()).bind(Other.class).proxy(RemoteFunction.in(harness.pair.control()));
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> other.add(1L << 60, 0))
                .withMessageStartingWith("Could not deserialize result of test.add: malformed SPS at byte 0");
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(other::nothing)
                .withMessageStartingWith("Could not deserialize result of test.nothing");
    }

    @Test
    void a_name_that_nobody_published_is_an_error_when_the_proxy_is_made() {
        harness.attach();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SERVICE.proxy(RemoteFunction.in(harness.pair.control())))
                .withMessageContaining("the executor published no 'test.add'");
    }

    interface Extra {
        @SpsMethod(name = "handler.add")
        long add(long left, int right, byte more);
    }

    @Test
    void bytes_behind_the_arguments_are_refused_only_by_strict_functions() {
        connect(Direction.TO_EXECUTOR);
        Extra toStrict =
                SpsBinder.in(MethodHandles.lookup()).bind(Extra.class).proxy(RemoteFunction.in(harness.session));
        assertFailed(
                "cannot read the arguments: malformed SPS at byte 12: the end is expected here, but 1 B follow",
                () -> toStrict.add(1, 2, (byte) 3));
        Extra toLenient = SpsBinder.in(MethodHandles.lookup())
                .bind(Extra.class)
                .proxy(name -> RemoteFunction.in(harness.pair.control()).apply("test.add"));
        assertThat(toLenient.add(1, 2, (byte) 3)).isEqualTo(3);
    }

    @Test
    void functions_and_calls_can_be_written_by_hand() throws Exception {
        ExecutorAddress add = harness.setup.function(
                "add",
                SpsFunction.typed(
                        Execution.LEAF, SpsCodecs.I64, SpsCodecs.I32, SpsCodecs.I64, (left, right) -> left + right));
        ExecutorAddress twice = harness.setup.function(
                "twice", SpsFunction.typed(Execution.LEAF, SpsCodecs.TEXT, SpsCodecs.TEXT, text -> text + text));
        ExecutorAddress later = harness.setup.function(
                "later", SpsFunction.staged(Execution.DISPATCHED, SpsCodecs.I64, TypedCallsTest::readLater));
        harness.attach();
        try (SpsCall call = SpsCall.open(RemoteFunction.of(harness.pair.control(), add))) {
            call.args().u64(40).i32(2);
            assertThat(call.await(LONG.toNanos()).readU64()).isEqualTo(42);
        }
        try (SpsCall call = SpsCall.open(RemoteFunction.of(harness.pair.control(), twice))) {
            call.args().text("dä");
            assertThat(get(call.send(SpsCodecs.TEXT, LONG.toNanos()))).isEqualTo("dädä");
        }
        try (SpsCall call = SpsCall.open(RemoteFunction.of(harness.pair.control(), later))) {
            call.args().u64(7);
            assertThat(get(call.send(SpsCodecs.I64, LONG.toNanos()))).isEqualTo(7);
        }
        try (SpsCall call = SpsCall.open(RemoteFunction.of(harness.pair.control(), later))) {
            assertFailed("cannot read the arguments", () -> call.await(LONG.toNanos()));
        }
    }

    private static CompletionStage<Long> readLater(SpsReader args) {
        long value = args.readU64();
        args.end();
        return CompletableFuture.supplyAsync(() -> value);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertFailed(String text, Runnable call) {
        assertThatExceptionOfType(CallException.class)
                .isThrownBy(call::run)
                .withMessageContaining(text)
                .satisfies(failure -> assertThat(failure.typeId()).isEqualTo(CallException.HANDLER_FAILED));
    }

    private static void assertAllocatesNothing(LongUnaryOperator call) {
        long least = Long.MAX_VALUE;
        long[] sum = {0};
        int rounds = 0;
        for (; rounds < 10 && least > CONSTANT_BYTES; rounds++) { // the first ones warm up
            least = Math.min(least, Allocations.bytesOf(() -> {
                for (int k = 0; k < ROUNDS; k++) {
                    sum[0] += call.applyAsLong(k);
                }
            }));
        }
        assertThat(sum[0]).isEqualTo(rounds * (ROUNDS * (ROUNDS - 1L) / 2));
        assertThat(least).as("bytes of %d calls", ROUNDS).isLessThanOrEqualTo(CONSTANT_BYTES);
    }
}
