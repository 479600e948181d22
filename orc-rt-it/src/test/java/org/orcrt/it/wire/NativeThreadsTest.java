// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The threads on which our executor runs native code, with code that depends on them.
@Timeout(120)
class NativeThreadsTest {

    private static final int THREADS = 64;
    private static final long TAG = 7;

    /// Leaves data to the thread that is destroyed, in 200 ms, when the call has been answered.
    private static final String SLOW_TO_GO = """
            struct libc {
                int (*create)(unsigned *key, void (*last)(void *));
                int (*set)(unsigned key, const void *data);
                int (*nap)(unsigned us);
            };
            static void last(void *nap);
            Result run(const char *args, size_t size) {
                const struct libc *libc = (const struct libc *)args;
                unsigned key;
                int failed = libc->create(&key, last);
                return number(failed ? failed : libc->set(key, libc->nap));
            }
            static void last(void *nap) {
                ((int (*)(unsigned))nap)(200000);
                __asm__ volatile("" ::: "memory"); // comes back here
            }
            """;

    /// Has the controller call it again, and counts.
    private static final String DESCEND = """
            struct env {
                Result (*dispatch)(void *context, const void *tag, const char *args, size_t size);
                void *context;
                void *tag;
                long left;
            };
            Result run(const char *args, size_t size) {
                struct env env = *(const struct env *)args;
                if (env.left == 0) return number(1);
                env.left--;
                Result deeper = env.dispatch(env.context, env.tag, (const char *)&env, sizeof env);
                return deeper.size == 8 ? number(deeper.number + 1) : deeper;
            }
            """;

    @TempDir
    private Path directory;

    private RawController controller;

    @BeforeEach
    void start() {
        controller = new RawController(directory);
    }

    @AfterEach
    void end() {
        controller.close();
    }

    @Test
    void code_is_not_given_back_while_its_destructors_of_thread_local_data_run() throws Exception {
        byte[] libc = Payload.of()
                .u64(JitCode.symbol(controller, "pthread_key_create"))
                .u64(JitCode.symbol(controller, "pthread_setspecific"))
                .u64(JitCode.symbol(controller, "usleep"))
                .toBytes();
        for (int round = 0; round < 3; round++) {
            JitCode code = JitCode.load(controller, directory, SLOW_TO_GO);
            assertThat(number(controller.call(code.slab(), libc))).isZero();
            code.unload();
        }
        TimeUnit.MILLISECONDS.sleep(400); // a destructor without its code has ended the process by then
        assertThat(controller.call(Names.READ_UINT64S, Payload.sequence())).isEqualTo(Payload.sequence());
        assertThat(controller.errors()).isEmpty();
    }

    @Test
    @Tag("C4")
    void native_calls_nest_as_deep_as_there_are_threads_and_one_deeper_is_refused() {
        long code = JitCode.load(controller, directory, DESCEND).slab();
        assertThat(number(descend(code, 1))).isOne();
        assertThat(number(descend(code, THREADS))).isEqualTo(THREADS);
        assertThat(descend(code, THREADS + 1))
                .as("an error, which this wire does not carry")
                .isEmpty();
        assertThat(controller.errors())
                .containsOnlyOnce("overloaded: all 64 threads for native calls have been waiting for the controller");
        assertThat(number(descend(code, 2))).isEqualTo(2);
    }

    /// Calls the code, and whenever it calls the controller, calls it again before that is answered.
    ///
    /// @return the answer to the first call
    private byte[] descend(long code, long depth) {
        Setup setup = controller.setup();
        byte[] args = Payload.of()
                .u64(setup.address("__llvm_orc_SimpleRemoteEPC_dispatch_fn"))
                .u64(setup.address("__llvm_orc_SimpleRemoteEPC_dispatch_ctx"))
                .u64(TAG)
                .u64(depth - 1)
                .toBytes();
        Deque<Long> unanswered = new ArrayDeque<>();
        long nextId = 1000;
        controller.send(Payload.frame(RawFrame.CALL, nextId, code, args));
        while (true) {
            RawFrame frame = controller.next();
            if (frame.opcode() == RawFrame.CALL) {
                assertThat(frame.tag()).isEqualTo(TAG);
                unanswered.push(frame.id());
                controller.send(Payload.frame(RawFrame.CALL, ++nextId, code, frame.payload()));
            } else if (unanswered.isEmpty()) {
                return frame.payload();
            } else {
                assertThat(frame.id()).isEqualTo(nextId--);
                controller.send(Payload.frame(RawFrame.RESULT, unanswered.pop(), 0, frame.payload()));
            }
        }
    }

    private static long number(byte[] result) {
        assertThat(result).hasSize(8);
        return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
