// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.Session;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.NativeMemoryMap;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;
import org.orcrt.memory.MemoryInstances;
import org.orcrt.memory.MemoryNames;
import org.orcrt.memory.MemoryQuotas;
import org.orcrt.memory.SharedMemoryMapper;
import org.orcrt.memory.SimpleNativeMemoryMap;

/// What the options of a session make of its memory maps.
class MemoryOptionsTest {

    private static final long PAGE = 4096;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /// A session with options, its controller's end, and its two maps.
    private record Setup(Session session, InProcessPair pair) implements AutoCloseable {

        static Setup with(String... namesAndValues) {
            InProcessPair pair = InProcessPair.create(MemoryOptionsTest::fail);
            Sessions.Builder builder = Sessions.builder().errorReporter(MemoryOptionsTest::fail);
            for (int k = 0; k < namesAndValues.length; k += 2) {
                builder.option(namesAndValues[k], namesAndValues[k + 1]);
            }
            return new Setup(builder.attach(pair.access()), pair);
        }

        NativeMemoryMap map(String instanceName) {
            long instance =
                    pair.control().bootstrapInfo().symbols().get(instanceName).value();
            NativeMemoryMap map = MemoryInstances.at(instance);
            assertThat(map).isNotNull();
            return map;
        }

        @Override
        public void close() {
            session.close();
            pair.control().disconnect();
        }
    }

    private static void fail(Throwable failure) {
        throw new AssertionError(failure);
    }

    private static ExecutorAddress page(NativeMemoryMap map, ExecutorAddress address, int group) {
        SegmentRequest segment =
                new SegmentRequest(AllocGroup.ofId(group), address, PAGE, MemorySegment.ofArray(new byte[0]));
        return map.initialize(new InitializeRequest(List.of(segment), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {MemoryNames.INSTANCE, MemoryNames.SHARED_INSTANCE})
    void pages_come_again_unless_they_are_to_be_retired(String instance) {
        for (String[] options : new String[][] {{}, {"memory.reuse", "reuse"}}) {
            try (Setup setup = Setup.with(options)) {
                NativeMemoryMap map = setup.map(instance);
                ExecutorAddress slab = map.reserve(PAGE);
                map.deinitialize(page(map, slab, 3));
                map.deinitialize(page(map, slab, 3));
            }
        }
        try (Setup setup = Setup.with("memory.reuse", "retire")) {
            NativeMemoryMap map = setup.map(instance);
            ExecutorAddress slab = map.reserve(PAGE);
            map.deinitialize(page(map, slab, 3));
            assertThat(catchThrowableOfType(MemoryMapException.class, () -> page(map, slab, 3)))
                    .hasMessageContaining("memory.reuse=retire");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "memory.max-reserved-bytes, 8192, 12288",
        "memory.max-initialized-bytes, 4096, 8192",
        "memory.max-slabs, 1, 2",
        "memory.max-regions, 1, 2"
    })
    void each_quota_has_an_option_which_its_error_names(String option, String low, String high) {
        for (String instance : List.of(MemoryNames.INSTANCE, MemoryNames.SHARED_INSTANCE)) {
            try (Setup setup = Setup.with(option, low)) {
                NativeMemoryMap map = setup.map(instance);
                assertThat(catchThrowableOfType(MemoryMapException.class, () -> twoOfEach(map)))
                        .hasMessageContaining(option)
                        .extracting(MemoryMapException::typeId)
                        .isEqualTo(MemoryMapException.QUOTA);
            }
            try (Setup setup = Setup.with(option, high)) {
                twoOfEach(setup.map(instance));
            }
        }
    }

    private static void twoOfEach(NativeMemoryMap map) {
        ExecutorAddress slab = map.reserve(2 * PAGE);
        page(map, slab, 3);
        page(map, slab.plus(PAGE), 3);
        map.reserve(PAGE);
    }

    @Test
    void unless_told_otherwise_the_quotas_are_the_documented_ones() {
        try (Setup setup = Setup.with()) {
            SimpleNativeMemoryMap own = (SimpleNativeMemoryMap) setup.map(MemoryNames.INSTANCE);
            SharedMemoryMapper shared = (SharedMemoryMapper) setup.map(MemoryNames.SHARED_INSTANCE);
            assertThat(own.statistics().quotas()).isEqualTo(MemoryQuotas.DEFAULT);
            assertThat(shared.statistics().quotas()).isEqualTo(MemoryQuotas.DEFAULT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "memory.reuse, RETIRE, it can be reuse or retire",
        "memory.allow-write-execute, yes, it can be false or true",
        "memory.jmx, 1, it can be false or true",
        "memory.max-slabs, 0, it must be a decimal number from 1",
        "memory.max-slabs, '', it must be a decimal number from 1",
        "memory.max-regions, -1, it must be a decimal number from 1",
        "memory.max-reserved-bytes, 1T, it must be a decimal number from 1",
        "memory.max-initialized-bytes, 9223372036854775808, it must be a decimal number from 1"
    })
    void a_wrong_value_is_named_with_what_would_be_right(String option, String value, String remedy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Setup.with(option, value))
                .withMessageContaining("option %s is '%s'", option, value)
                .withMessageContaining(remedy);
    }

    @Test
    void jmx_shows_both_maps_of_a_session_that_asks_for_it_until_it_ends() throws JMException {
        Set<ObjectName> before = names();
        try (Setup silent = Setup.with()) {
            silent.map(MemoryNames.INSTANCE).reserve(PAGE);
            assertThat(names()).isEqualTo(before);
        }
        try (Setup setup = Setup.with("memory.jmx", "true")) {
            setup.map(MemoryNames.INSTANCE).reserve(3 * PAGE);
            Set<ObjectName> added = names();
            added.removeAll(before);
            assertThat(added)
                    .extracting(name -> name.getKeyProperty("kind"))
                    .containsExactlyInAnyOrder("private", "shared");
            for (ObjectName name : added) {
                long reserved = name.getKeyProperty("kind").equals("private") ? 3 * PAGE : 0;
                assertThat(server.getAttribute(name, "ReservedBytes")).isEqualTo(reserved);
            }
        }
        assertThat(names()).isEqualTo(before);
    }

    private Set<ObjectName> names() {
        try {
            return server.queryNames(new ObjectName("org.orcrt:type=MemoryMap,*"), null).stream()
                    .collect(Collectors.toSet());
        } catch (JMException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
