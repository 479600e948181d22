// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Handle;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.OrcException;
import org.orcrt.api.SendStatus;
import org.orcrt.api.Session;
import org.orcrt.api.TransportException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.controller.Controller;
import org.orcrt.executor.Executor;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannelListener;

/// A controller in Java and our executor as a process, over sockets.
class SocketSessionTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final HandlerTag TAG = new HandlerTag(0x5eed);
    private static final int PENDING = 50;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void a_controller_drives_an_executor_that_listens(Sockets sockets) throws Exception {
        try (ExecutorProcess executor =
                new ExecutorProcess(directory, sockets.listen(directory).toString())) {
            ConnectionSpec where = executor.awaitListening();
            try (Controller controller = builder().connect(where)) {
                useAll(controller, executor);
            }
            assertThat(executor.exitCode()).as(executor.errors()).isZero();
            assertThat(executor.errors()).isEmpty();
        }
        assertThat(directory.resolve("d/socket")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void an_executor_comes_to_a_controller_that_listens(Sockets sockets) throws Exception {
        try (MessageChannelListener listener = builder().listen(sockets.listen(directory));
                ExecutorProcess executor =
                        new ExecutorProcess(directory, listener.spec().toString())) {
            try (Controller controller = builder().accept(listener)) {
                useAll(controller, executor);
            }
            assertThat(executor.exitCode()).as(executor.errors()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("W9")
    void an_executor_that_is_killed_is_an_error_and_every_pending_call_ends_once(Sockets sockets) throws Exception {
        try (ExecutorProcess executor =
                        new ExecutorProcess(directory, sockets.listen(directory).toString());
                Controller controller = builder().connect(executor.awaitListening())) {
            ExecutorAddress pause =
                    controller.libraries().find(process(controller), "pause").orElseThrow();
            AtomicIntegerArray ends = new AtomicIntegerArray(PENDING);
            CountDownLatch all = new CountDownLatch(PENDING);
            MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
            for (int k = 0; k < PENDING; k++) {
                int call = k;
                SendStatus sent = controller
                        .control()
                        .callWrapper(
                                pause,
                                nothing,
                                0,
                                0,
                                (status, bytes, offset, length, context) -> {
                                    assertThat(status).isEqualTo(CallStatus.DISCONNECTED);
                                    ends.incrementAndGet(call);
                                    all.countDown();
                                },
                                0,
                                Session.NO_TIMEOUT);
                assertThat(sent).isEqualTo(SendStatus.SENT);
            }
            executor.kill();
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
            Optional<OrcException> why = controller.control().awaitDisconnected(BOUND);
            assertThat(why).isPresent();
            assertThat(why.orElseThrow().isA(TransportException.PEER_GONE)).isTrue();
            for (int k = 0; k < PENDING; k++) {
                assertThat(ends.get(k)).as("call " + k).isOne();
            }
        }
    }

    @Test
    @Tag("W9")
    void an_executor_that_hangs_up_is_no_error() throws Exception {
        try (MessageChannelListener listener = builder().listen(Sockets.UNIX.listen(directory))) {
            FutureTask<Session> coming = new FutureTask<>(
                    () -> Executor.builder().spec(listener.spec().toString()).start());
            Thread.ofPlatform().daemon().name("executor").start(coming);
            try (Controller controller = builder().accept(listener);
                    Session session = coming.get(30, TimeUnit.SECONDS)) {
                session.shutdown(BOUND);
                assertThat(controller.control().awaitDisconnected(BOUND)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("W9")
    void a_controller_that_is_killed_is_an_error_of_the_executor(Sockets sockets) throws Exception {
        try (ExecutorProcess executor =
                new ExecutorProcess(directory, sockets.listen(directory).toString())) {
            ConnectionSpec where = executor.awaitListening();
            Process controller = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            WaitingController.class.getName(),
                            where.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                assertThat(controller.inputReader().readLine()).isEqualTo("connected");
            } finally {
                controller.destroyForcibly();
            }
            assertThat(executor.exitCode()).isEqualTo(76);
            assertThat(executor.errors()).startsWith("orc-rt: ").contains("without a hang-up");
        }
    }

    @Test
    @Tag("N4")
    void an_executor_with_another_token_ends_with_its_own_exit_code() throws Exception {
        try (MessageChannelListener listener = builder().listen(Sockets.TCP.listen(directory))) {
            Path other = Files.createDirectory(directory.resolve("other"));
            Sockets.TCP.listen(other);
            Files.writeString(other.resolve("token"), "f".repeat(32));
            try (ExecutorProcess executor = new ExecutorProcess(
                    directory, "tcp:" + listener.spec().target() + "?token-file=" + other.resolve("token"))) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        listener.accept(BOUND).close();
                    } catch (IOException nobody) {
                        // the listener is closed at the end
                    }
                });
                assertThat(executor.exitCode()).as(executor.errors()).isEqualTo(77);
                assertThat(executor.errors())
                        .startsWith("orc-rt: ")
                        .contains("the peer refused us; give both ends the same token-file=")
                        .doesNotContain("ffff");
            }
        }
    }

    private static void useAll(Controller controller, ExecutorProcess executor) {
        ExecutorAddress count = MachineCode.load(controller, MachineCode.argumentCount());
        assertThat(controller.memory().read(count, 3)).isEqualTo(MachineCode.argumentCount());
        assertThat(controller.runAsMain(count, List.of("program", "one", "two")))
                .isEqualTo(3);

        List<Optional<ExecutorAddress>> found =
                controller.libraries().find(process(controller), List.of("getpid", "no_such_symbol"));
        assertThat(found.get(1)).isEmpty();
        ExecutorAddress pid =
                MachineCode.load(controller, MachineCode.jump(found.getFirst().orElseThrow()));
        assertThat(controller.runAsMain(pid, List.of("program"))).isEqualTo(executor.pid());

        ExecutorAddress call = MachineCode.load(controller, MachineCode.callHandler(controller, TAG));
        String text = "a text that is longer than eight bytes";
        assertThat(controller.call(call, text.getBytes(StandardCharsets.UTF_8)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(text.toUpperCase(Locale.ROOT));
        for (ExecutorAddress slab : List.of(count, pid, call)) {
            MachineCode.unload(controller, slab);
        }
    }

    private static Handle process(Controller controller) {
        return controller.libraries().open("");
    }

    private static Controller.Builder builder() {
        WrapperFunction upperCase = (args, offset, length, reply) -> {
            byte[] bytes = args.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            byte[] answer = new String(bytes, StandardCharsets.UTF_8)
                    .toUpperCase(Locale.ROOT)
                    .getBytes(StandardCharsets.UTF_8);
            reply.result(MemorySegment.ofArray(answer), 0, answer.length);
        };
        return Controller.builder().timeout(BOUND).handler(TAG, upperCase);
    }
}
