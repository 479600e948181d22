// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Session;
import org.orcrt.core.Sessions;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.sps.RemoteFunction;
import org.orcrt.sps.SpsBinder;
import org.orcrt.sps.SpsCodec;
import org.orcrt.sps.SpsCodecs;
import org.orcrt.sps.SpsExpected;
import org.orcrt.sps.SpsInterface;
import org.orcrt.sps.SpsMethod;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Llvm22;

/// Typed functions and proxies of a session at one end of a descriptor pair; at the other a controller that knows
/// frames and bytes only.
class TypedCallsOverDescriptorsTest {

    private static final long PATIENCE_S = 60;
    private static final long TAG = 0x4711;
    private static final SpsBinder BINDER = SpsBinder.in(MethodHandles.lookup());
    private static final SpsInterface<Numbers> FUNCTIONS =
            BINDER.withPrefix("executor.").bind(Numbers.class);
    private static final SpsInterface<Numbers> HANDLERS =
            BINDER.withPrefix("controller.").bind(Numbers.class);
    private static final SpsCodec<SpsExpected<Long>> HALF = SpsCodecs.expected(SpsCodecs.I64);

    interface Numbers {
        long add(long left, int right);

        @SpsMethod(fallible = true)
        long half(long even);

        CompletionStage<String> text(long number);
    }

    private static final class JavaNumbers implements Numbers {

        @Override
        public long add(long left, int right) {
            return left + right;
        }

        @Override
        public long half(long even) {
            if (even % 2 != 0) {
                throw new CallException(CallException.KIND, even + " is odd");
            }
            return even / 2;
        }

        @Override
        public CompletionStage<String> text(long number) {
            return CompletableFuture.supplyAsync(() -> Long.toString(number));
        }
    }

    private static final class NumbersPlugin implements ExecutorPlugin {

        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public void install(ExecutorSetup setup) {
            FUNCTIONS.functions(Execution.DISPATCHED, new JavaNumbers()).forEach(setup::function);
            HANDLERS.names().forEach(name -> setup.symbol(name, new ExecutorAddress(tagOf(name))));
        }
    }

    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final SocketEnd socket = new SocketEnd();
    private final RawPeer peer = new RawPeer(socket);
    private final Session session = Sessions.builder()
            .plugin(new NumbersPlugin())
            .attach(new Connection(socket.channel(), Llvm22.DIALECT, 16, reports::add));
    private final Setup setup = Setup.of(peer.next());

    @AfterEach
    void end() {
        session.close();
        socket.close();
    }

    @Test
    void bytes_from_the_controller_call_typed_functions() {
        byte[] forty = Payload.of().u64(40).i32(2).toBytes();
        assertThat(called("executor.add", forty)).isEqualTo(Payload.of().u64(42).toBytes());
        byte[] four = SpsCodecs.I64.encode(4L);
        assertThat(HALF.decode(called("executor.half", four))).isEqualTo(SpsExpected.of(2L));
        byte[] three = SpsCodecs.I64.encode(3L);
        assertThat(HALF.decode(called("executor.half", three))).isEqualTo(SpsExpected.failure("3 is odd"));
        assertThat(SpsCodecs.TEXT.decode(called("executor.text", three))).isEqualTo("3");
    }

    @Test
    void arguments_that_cannot_be_read_are_answered_out_of_band() {
        // this dialect has no bytes for the text of such an error
        assertThat(called("executor.add", new byte[11])).isEmpty();
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .hasMessageContaining(
                                "cannot read the arguments: malformed SPS at byte 8: 4 B are needed, 3 B are left"));
    }

    @Test
    void a_typed_proxy_calls_handlers_by_bytes() throws Exception {
        Numbers controller = HANDLERS.proxy(RemoteFunction.in(session));
        byte[] forty = Payload.of().u64(40).i32(2).toBytes();
        assertThat(answered(() -> controller.add(40, 2), "controller.add", forty, SpsCodecs.I64.encode(42L)))
                .isEqualTo(42);
        byte[] four = SpsCodecs.I64.encode(4L);
        byte[] two = HALF.encode(SpsExpected.of(2L));
        assertThat(answered(() -> controller.half(4), "controller.half", four, two))
                .isEqualTo(2);
        byte[] odd = HALF.encode(SpsExpected.failure("odd"));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> answered(() -> controller.half(4), "controller.half", four, odd))
                .withCauseExactlyInstanceOf(CallException.class)
                .withMessageContaining("odd");
        Supplier<String> later = () -> controller.text(4).toCompletableFuture().join();
        assertThat(answered(later, "controller.text", four, SpsCodecs.TEXT.encode("four")))
                .isEqualTo("four");
    }

    private byte[] called(String function, byte[] args) {
        peer.send(new RawFrame(RawFrame.CALL, 7, setup.address(function), args));
        RawFrame result = peer.next();
        assertThat(result.opcode()).isEqualTo(RawFrame.RESULT);
        assertThat(result.id()).isEqualTo(7);
        assertThat(result.tag()).as("a value").isZero();
        return result.payload();
    }

    /// Makes a call and answers it.
    private <T> T answered(Supplier<T> call, String handler, byte[] args, byte[] answer) throws Exception {
        CompletableFuture<T> made = CompletableFuture.supplyAsync(call);
        RawFrame frame = peer.next();
        assertThat(frame.opcode()).isEqualTo(RawFrame.CALL);
        assertThat(frame.tag()).isEqualTo(tagOf(handler));
        assertThat(frame.payload()).isEqualTo(args);
        peer.send(new RawFrame(RawFrame.RESULT, frame.id(), 0, answer));
        return made.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    private static long tagOf(String handler) {
        return TAG + HANDLERS.names().indexOf(handler);
    }
}
