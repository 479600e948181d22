// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.orcrt.testing.Bounded;
import org.orcrt.testing.LeakScope;
import org.orcrt.testing.MayLeak;

/// JUnit finds the leak scope by itself, and it finds what tests leave behind. The planted leaks are ended here.
@Tag("J10")
class LeakScopeTest {

    private static final long PAGE = 4096;
    private static final long BYTES = 3 * PAGE;
    private static final Deque<Runnable> TO_BE_ENDED = new ArrayDeque<>();

    @AfterEach
    void end_what_was_left() {
        TO_BE_ENDED.forEach(Runnable::run);
        TO_BE_ENDED.clear();
    }

    @Test
    void each_thing_left_behind_fails_the_test_that_left_it_and_no_other() {
        Map<String, String> failures = run(Planted.class, OfTheField.class);
        assertThat(failures.keySet())
                .containsExactlyInAnyOrder(
                        "a_thread", "a_field", "a_descriptor", "a_shared_name", "a_mapping", "a_stub");
        assertThat(failures.get("a_thread"))
                .startsWith("left behind after 500 ms; ")
                .contains("thread \"planted\"", "at java.base/java.util.concurrent.CountDownLatch.await");
        assertThat(failures.get("a_field")).contains("thread \"planted\"");
        assertThat(failures.get("a_descriptor")).containsPattern("descriptor [0-9]+ of /proc/[0-9]+/status");
        assertThat(failures.get("a_shared_name")).contains("shared memory /dev/shm/jitlink_");
        assertThat(failures.get("a_mapping")).containsPattern("mapping of 0x3000 bytes at 0x[0-9a-f]+");
        assertThat(failures.get("a_stub")).containsPattern("leased stubs: [0-9]+, before: [0-9]+");
    }

    @Test
    void what_belongs_to_no_single_test_fails_the_class() {
        Map<String, String> failures = run(OfTheClass.class);
        assertThat(failures.keySet()).containsExactly("LeakScopeTest$OfTheClass");
        assertThat(failures.get("LeakScopeTest$OfTheClass")).containsPattern("leased stubs: [0-9]+, before: [0-9]+");
    }

    @Test
    void what_has_a_reason_to_stay_fails_nothing() {
        assertThat(run(Excused.class)).isEmpty();
    }

    @Test
    void memory_that_is_unmapped_in_parts_is_counted_in_parts() {
        SystemCalls calls = SystemCalls.real();
        int before = SystemCalls.mappings().size();
        long address = map();
        assertThat(SystemCalls.mappings()).hasSize(before + 1).containsEntry(address, BYTES);
        assertThat(calls.munmap(address + PAGE, PAGE)).isZero();
        assertThat(SystemCalls.mappings())
                .hasSize(before + 2)
                .containsEntry(address, PAGE)
                .containsEntry(address + 2 * PAGE, PAGE);
        assertThat(calls.munmap(address, 1 - BYTES)).isEqualTo(-Errno.EINVAL);
        assertThat(calls.munmap(address + 1, BYTES)).isEqualTo(-Errno.EINVAL);
        assertThat(SystemCalls.mappings().entrySet().stream()
                        .filter(one -> one.getKey() >= address && one.getKey() < address + BYTES)
                        .mapToLong(Map.Entry::getValue)
                        .sum())
                .as("what the system refused is still there")
                .isEqualTo(2 * PAGE);
        assertThat(calls.munmap(address, BYTES)).isZero();
        assertThat(SystemCalls.mappings()).hasSize(before);
    }

    private static long map() {
        return SystemCalls.real().mmap(0, BYTES, 0, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1);
    }

    /// Runs a class as JUnit does.
    ///
    /// @return messages of failures, by the name of the test or class
    private static Map<String, String> run(Class<?>... tests) {
        Map<String, String> failures = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(tests).map(DiscoverySelectors::selectClass).toList())
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter(LeakScope.GRACE_MS, "500")
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                String name = test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElse(test.getDisplayName());
                result.getThrowable().ifPresent(failure -> failures.put(name, failure.getMessage()));
            }
        });
        return failures;
    }

    private static Thread startThread() {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().name("planted").start(() -> Bounded.await(end));
        Bounded.untilWaiting(thread);
        TO_BE_ENDED.add(() -> {
            end.countDown();
            Bounded.until("the planted thread ends", () -> !thread.isAlive());
        });
        return thread;
    }

    private static void leaseStub() {
        long stub = StubPool.lease((a, b, c, d, result) -> {});
        TO_BE_ENDED.add(() -> StubPool.release(stub));
    }

    private static void close(InputStream file) {
        try {
            file.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Started by [#run].
    static class Planted {

        @Test
        void nothing() {}

        @Test
        void a_thread() {
            startThread();
        }

        @Test
        void a_thread_that_ends_in_time() {
            CountDownLatch end = new CountDownLatch(1);
            Thread.ofPlatform().start(() -> Bounded.await(end));
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(end::countDown);
        }

        @Test
        void a_descriptor() throws IOException {
            InputStream file = Files.newInputStream(Path.of("/proc/self/status"));
            TO_BE_ENDED.add(() -> close(file));
        }

        @Test
        void a_shared_name() throws IOException {
            Path name = Path.of("/dev/shm/jitlink_" + ProcessHandle.current().pid() + "_planted");
            Files.createFile(name);
            TO_BE_ENDED.add(() -> delete(name));
        }

        @Test
        void a_mapping() {
            long address = map();
            TO_BE_ENDED.add(() -> SystemCalls.real().munmap(address, BYTES));
        }

        @Test
        void a_stub() {
            leaseStub();
        }

        @Test
        @MayLeak("to show that it may")
        void a_stub_with_a_reason() {
            leaseStub();
        }
    }

    /// Started by [#run].
    static class OfTheField {

        @SuppressWarnings("UnusedVariable")
        private final Thread thread = startThread();

        @Test
        void a_field() {}
    }

    /// Started by [#run].
    static class OfTheClass {

        @BeforeAll
        static void begin() {
            leaseStub();
        }

        @Test
        void nothing() {}
    }

    /// Started by [#run].
    @MayLeak("to show that it may")
    static class Excused extends OfTheClass {

        @Test
        void a_stub() {
            leaseStub();
        }
    }
}
