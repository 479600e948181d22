// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.failureOf;
import static org.orcrt.memory.RecordingRunner.pair;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeKey;

/// What a memory map says of itself, and what JMX shows of that.
class MemoryStatisticsTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void operations_are_counted_by_key_and_by_slab(boolean shared) {
        MapFixture fixture = shared ? MapFixture.shared() : new MapFixture();
        ExecutorAddress slab = fixture.map.reserve(4 * PAGE);
        ExecutorAddress other = fixture.map.reserve(3 * PAGE + 1);
        ExecutorAddress a = fixture.page(slab, pair("+a", "!a"));
        ExecutorAddress b = fixture.page(slab.plus(PAGE));
        fixture.page(other);
        assertThat(fixture.statistics())
                .isEqualTo(new MemoryStatistics(2, 8 * PAGE, 0, 3, 3 * PAGE, 2, 3, 0, 0, 0, MemoryQuotas.DEFAULT));

        failureOf(() -> fixture.map.deinitializeAll(List.of(a, slab, b, slab.plus(2 * PAGE))));
        failureOf(() -> fixture.map.releaseAll(List.of(slab, slab)));
        failureOf(() -> fixture.page(slab));
        failureOf(() -> fixture.map.reserve(1L << 50));
        assertThat(fixture.statistics())
                .as("two unknown keys, a failed action, an unknown slab, and two more")
                .isEqualTo(new MemoryStatistics(1, 4 * PAGE, 0, 1, PAGE, 2, 3, 2, 1, 6, MemoryQuotas.DEFAULT));

        fixture.map.shutdown();
        assertThat(fixture.statistics())
                .isEqualTo(new MemoryStatistics(0, 0, 0, 0, 0, 2, 3, 3, 2, 6, MemoryQuotas.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void who_knows_nothing_but_the_interface_asks_for_the_statistics(boolean shared) {
        MapFixture fixture = shared ? MapFixture.shared() : new MapFixture();
        fixture.map.reserve(PAGE);
        NativeMemoryMap map = fixture.map;
        assertThat(map.ability(WatchedMemory.KEY).map(WatchedMemory::statistics))
                .contains(fixture.statistics());
        assertThat(map.ability(TypeKey.of(TypeId.root("vendor.ability"), WatchedMemory.class)))
                .isEmpty();
        fixture.map.shutdown();
    }

    @Test
    void a_slab_that_a_shutdown_leaves_is_a_failure_of_it() throws Exception {
        MapFixture fixture = new MapFixture(OPTIONS.withReleaseTimeout(Duration.ofMillis(1)));
        ExecutorAddress slab = fixture.map.reserve(PAGE);
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.runner.when("+slow", () -> {
            inAction.countDown();
            awaitOrFail(goOn);
        });
        Thread slow = Thread.ofPlatform().start(() -> failureOf(() -> fixture.page(slab, pair("slow"))));
        awaitOrFail(inAction);
        failureOf(fixture.map::shutdown);
        assertThat(fixture.statistics().failures()).isEqualTo(1);
        goOn.countDown();
        slow.join(Duration.ofSeconds(30));
        assertThat(fixture.statistics().failures()).as("and the initialize").isEqualTo(2);
        fixture.map.release(slab);
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jmx_shows_the_same_numbers_until_the_shutdown(boolean shared) throws Exception {
        MapFixture fixture = shared ? MapFixture.shared() : new MapFixture();
        MemoryEvents events = fixture.map instanceof SimpleNativeMemoryMap own
                ? own.events()
                : ((SharedMemoryMapper) fixture.map).events();
        ResourceManager bean = MemoryBean.register(events, fixture::statistics);
        ObjectName name = new ObjectName(
                "org.orcrt:type=MemoryMap,kind=%s,map=%d".formatted(shared ? "shared" : "private", events.map()));
        ExecutorAddress slab = fixture.map.reserve(4 * PAGE);
        fixture.page(slab);
        fixture.map.deinitialize(fixture.page(slab.plus(PAGE)));
        failureOf(() -> fixture.map.release(slab.plus(PAGE)));

        assertThat(read(name)).isEqualTo(fixture.statistics());
        assertThat(server.getAttribute(name, "ReservedBytes")).isEqualTo(4 * PAGE);
        bean.detach();
        fixture.map.shutdown();
        assertThat(read(name)).isEqualTo(fixture.statistics());
        bean.shutdown();
        assertThat(server.isRegistered(name)).isFalse();
        bean.shutdown();
    }

    private MemoryStatistics read(ObjectName name) {
        MemoryMapMXBean bean = JMX.newMXBeanProxy(server, name, MemoryMapMXBean.class);
        return new MemoryStatistics(
                bean.getSlabs(),
                bean.getReservedBytes(),
                bean.getRetiredBytes(),
                bean.getRegions(),
                bean.getInitializedBytes(),
                bean.getReserves(),
                bean.getInitializes(),
                bean.getDeinitializes(),
                bean.getReleases(),
                bean.getFailures(),
                new MemoryQuotas(
                        bean.getMaxReservedBytes(),
                        bean.getMaxInitializedBytes(),
                        bean.getMaxSlabs(),
                        bean.getMaxRegions()));
    }
}
