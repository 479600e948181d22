// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.memory.NativeMemoryMap;

/// Instance addresses lead to memory maps, and to nothing else.
class MemoryInstancesTest {

    @Test
    void every_map_has_an_address_of_its_own() {
        Set<ExecutorAddress> addresses = new HashSet<>();
        for (int k = 0; k < 1000; k++) {
            NativeMemoryMap map = new MapFixture().map;
            ExecutorAddress address = MemoryInstances.register(map);
            assertThat(address.isNull()).isFalse();
            assertThat(addresses.add(address)).isTrue();
            assertThat(MemoryInstances.at(address.value())).isSameAs(map);
        }
        addresses.forEach(MemoryInstances::unregister);
        addresses.forEach(
                address -> assertThat(MemoryInstances.at(address.value())).isNull());
    }

    @Test
    void an_unknown_address_is_nobody_s() {
        ExecutorAddress address = MemoryInstances.register(new MapFixture().map);
        for (long other : new long[] {0, 1, -1, Long.MIN_VALUE, address.value() + 8, address.value() - 1}) {
            assertThat(MemoryInstances.at(other)).isNull();
            MemoryInstances.unregister(new ExecutorAddress(other));
        }
        assertThat(MemoryInstances.at(address.value())).isNotNull();
        MemoryInstances.unregister(address);
        MemoryInstances.unregister(address);
        assertThat(MemoryInstances.at(address.value())).isNull();
    }
}
