// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.MapFixture.kindOf;
import static org.orcrt.memory.MapFixture.mapsOf;
import static org.orcrt.memory.MapFixture.request;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;
import static org.orcrt.memory.RecordingRunner.action;
import static org.orcrt.memory.RecordingRunner.pair;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;

/// Allocation actions run forwards until one fails and backwards to the end.
class AllocActionsTest {

    private static final int PAIRS = 8;

    private final MapFixture fixture = new MapFixture(MapFixture.OPTIONS.withReleaseTimeout(Duration.ofSeconds(20)));
    private final NativeMemoryMap map = fixture.map;
    private final RecordingRunner runner = fixture.runner;
    private final ExecutorAddress slab = map.reserve(4 * PAGE);

    @AfterEach
    void the_map_can_be_shut_down_and_reports_nothing() {
        map.shutdown();
        assertThat(fixture.reported).isEmpty();
    }

    @Test
    void no_action_is_none() {
        assertThat(AllocAction.NONE.isNone()).isTrue();
        assertThat(action("a").isNone()).isFalse();
    }

    @Test
    void actions_run_in_order_and_are_taken_back_in_reverse() {
        ExecutorAddress key = fixture.page(slab, pair("a"), pair("b"), pair("c"));
        assertThat(runner.ran()).containsExactly("+a", "+b", "+c");
        map.deinitialize(key);
        assertThat(runner.ran()).containsExactly("+a", "+b", "+c", "-c", "-b", "-a");
    }

    @Test
    void either_half_of_a_pair_may_be_missing() {
        ExecutorAddress key = fixture.page(
                slab,
                new AllocActionPair(AllocAction.NONE, action("-a")),
                new AllocActionPair(action("+b"), AllocAction.NONE),
                new AllocActionPair(AllocAction.NONE, AllocAction.NONE),
                new AllocActionPair(AllocAction.NONE, action("-d")));
        map.deinitialize(key);
        assertThat(runner.ran()).containsExactly("+b", "-d", "-a");
    }

    @ParameterizedTest
    @Tag("M8")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void a_failing_action_undoes_those_before_it_in_reverse_whichever_of_them_fail_too(int failing) {
        for (int failingUndos = 0; failingUndos < 1 << failing; failingUndos++) {
            runner.forget();
            List<AllocActionPair> actions = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int k = 0; k < PAIRS; k++) {
                String undo = ((failingUndos >> k & 1) == 1 ? "!u" : "u") + k;
                actions.add(pair((k == failing ? "!" : "+") + k, undo));
                if (k <= failing) {
                    expected.add((k == failing ? "!" : "+") + k);
                }
            }
            IntStream.range(0, failing).map(k -> failing - 1 - k).forEach(k -> expected.add(name(actions.get(k))));

            MemoryMapException failure = failureOf(
                    () -> map.initialize(new InitializeRequest(List.of(segment(RW, slab, PAGE, 7)), actions)));

            assertThat(failure.typeId()).isEqualTo(MemoryMapException.ACTION_FAILED);
            assertThat(failure)
                    .hasMessageContaining("initialize action %d of 8", failing + 1)
                    .hasMessageContaining("!%d said no", failing);
            assertThat(failure.getSuppressed()).hasSize(Integer.bitCount(failingUndos));
            assertThat(runner.ran()).isEqualTo(expected);
        }
        assertThat(mapsOf(slab, 4)).containsExactly("0+4000 ---p");
        assertThat(fixture.page(slab)).isEqualTo(slab);
    }

    @Test
    void deinitialize_runs_to_the_end_and_loses_no_failure() {
        ExecutorAddress key = fixture.page(slab, pair("+a", "!a"), pair("b"), pair("+c", "!c"), pair("d"));
        MemoryMapException failure = failureOf(() -> map.deinitialize(key));
        assertThat(failure.typeId()).isEqualTo(MemoryMapException.ACTION_FAILED);
        assertThat(failure).hasMessageContaining("!c said no").hasMessageContaining(key.toString());
        assertThat(failure.getSuppressed()).singleElement().asString().contains("!a said no");
        assertThat(runner.ran()).containsExactly("+a", "+b", "+c", "+d", "-d", "!c", "-b", "!a");
        assertThat(kindOf(() -> map.deinitialize(key))).isEqualTo(MemoryMapException.UNKNOWN_BASE);
        assertThat(fixture.page(slab)).isEqualTo(slab);
    }

    @Test
    void whatever_an_action_throws_is_a_failure_of_that_action() {
        List<Throwable> thrown =
                List.of(new IllegalStateException("bug"), new StackOverflowError(), new OutOfMemoryError("planted"));
        runner.when("0", () -> sneak(thrown.get(0)));
        runner.when("1", () -> sneak(thrown.get(1)));
        runner.when("2", () -> sneak(thrown.get(2)));
        ExecutorAddress key = fixture.page(slab, pair("+a", "0"), pair("+b", "1"), pair("+c", "2"));
        MemoryMapException failure = failureOf(() -> map.deinitialize(key));
        assertThat(failure).hasCause(thrown.get(2)).hasMessageContaining("planted");
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failureOf(() -> fixture.page(slab, pair("x"), pair("1", "never"))))
                .hasCause(thrown.get(1));
        assertThat(runner.ran()).endsWith("+x", "1", "-x").doesNotContain("never");
    }

    @Test
    void one_failure_thrown_again_and_again_is_kept_once_per_action() {
        MemoryMapException same = new MemoryMapException(MemoryMapException.ACTION_FAILED, "always this one");
        runner.when("x", () -> {
            throw same;
        });
        ExecutorAddress key = fixture.page(slab, pair("+a", "x"), pair("+b", "x"), pair("+c", "x"));
        assertThat(failureOf(() -> map.deinitialize(key)).getSuppressed()).hasSize(2);
    }

    @Test
    void actions_see_finalize_memory_and_their_undo_does_so_if_a_later_one_fails() {
        List<Byte> seen = new ArrayList<>();
        ExecutorAddress passing = slab.plus(PAGE);
        runner.when("-a", () -> seen.add(MapFixture.bytes(passing, 1)[0]));
        InitializeRequest request = new InitializeRequest(
                List.of(segment(RW, slab, PAGE), segment(temporary(RW), passing, PAGE, 5)),
                List.of(pair("a"), pair("!b", "never")));
        assertThat(kindOf(() -> map.initialize(request))).isEqualTo(MemoryMapException.ACTION_FAILED);
        assertThat(seen).containsExactly((byte) 5);
        assertThat(mapsOf(slab, 4)).containsExactly("0+4000 ---p");
    }

    @Test
    void an_action_may_use_the_map_itself() {
        runner.when("+outer", () -> fixture.page(slab.plus(PAGE), pair("inner")));
        runner.when("-outer", () -> map.deinitialize(slab.plus(PAGE)));
        runner.when("+other", () -> map.release(map.reserve(PAGE)));
        ExecutorAddress key = fixture.page(slab, pair("outer"), pair("other"));
        map.deinitialize(key);
        assertThat(runner.ran()).containsExactly("+outer", "+inner", "+other", "-other", "-outer", "-inner");
    }

    @Test
    void a_region_that_an_action_initialized_is_older_than_the_action_s_own() {
        runner.when("+outer", () -> fixture.page(slab.plus(PAGE), pair("inner")));
        fixture.page(slab, pair("outer"));
        runner.forget();
        map.release(slab);
        assertThat(runner.ran()).containsExactly("-outer", "-inner");
    }

    @Test
    void an_action_that_releases_the_slab_of_its_own_region_is_refused_at_once() {
        List<MemoryMapException> refusals = new ArrayList<>();
        Runnable release = () -> refusals.add(failureOf(() -> map.release(slab)));
        runner.when("+a", release);
        runner.when("-a", release);
        map.deinitialize(fixture.page(slab, pair("a")));
        assertThat(refusals)
                .hasSize(2)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("its own region"));
        fixture.page(slab, pair("a"));
        map.release(slab);
        assertThat(refusals).hasSize(4);
        assertThat(refusals.getLast().typeId()).isEqualTo(MemoryMapException.ALREADY_RELEASED);
        assertThat(fixture.calls.mapped()).isEmpty();
    }

    @Test
    void regions_of_a_slab_that_is_being_released_are_the_release_s_alone() {
        List<MemoryMapException> refusals = new ArrayList<>();
        fixture.page(slab, pair("older"));
        runner.when("-newer", () -> refusals.add(failureOf(() -> map.deinitialize(slab))));
        runner.when("-older", () -> refusals.add(failureOf(() -> fixture.page(slab.plus(2 * PAGE)))));
        fixture.page(slab.plus(PAGE), pair("newer"));
        map.release(slab);
        assertThat(refusals)
                .extracting(MemoryMapException::typeId)
                .containsExactly(MemoryMapException.UNKNOWN_BASE, MemoryMapException.OUT_OF_SLAB);
        assertThat(runner.ran()).containsExactly("+older", "+newer", "-newer", "-older");
    }

    @Test
    void a_region_is_nobody_s_while_its_actions_run() {
        List<MemoryMapException> refusals = new ArrayList<>();
        Runnable deinitialize = () -> refusals.add(failureOf(() -> map.deinitialize(slab)));
        Runnable initialize = () -> refusals.add(failureOf(() -> fixture.page(slab)));
        runner.when("+a", deinitialize);
        runner.when("+b", initialize);
        runner.when("-a", deinitialize);
        runner.when("-b", initialize);
        map.deinitialize(map.initialize(request(segment(RW, slab, PAGE), pair("a"), pair("b"))));
        assertThat(refusals)
                .extracting(MemoryMapException::typeId)
                .containsExactly(
                        MemoryMapException.UNKNOWN_BASE,
                        MemoryMapException.OVERLAP,
                        MemoryMapException.OVERLAP,
                        MemoryMapException.UNKNOWN_BASE);
    }

    private static String name(AllocActionPair pair) {
        return new String(pair.deinitialize().args(), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
