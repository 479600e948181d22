// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeTable;
import org.orcrt.sps.SpsWriter;

class TypeTablesTest {

    private static final TypeId VENDOR = new TypeId("vendor.full", MemoryMapException.QUOTA);

    @Test
    void a_table_comes_back_with_every_parent() {
        TypeTable read = read(TypeTables.write(
                TypeTable.of(List.of(VENDOR, TypeId.root("shape").child("circle")))));
        assertThat(read.find("vendor.full"))
                .hasValueSatisfying(kind -> assertThat(kind.sameLineage(VENDOR)).isTrue());
        assertThat(read.find("shape.circle"))
                .hasValueSatisfying(
                        kind -> assertThat(kind.isA(TypeId.root("shape"))).isTrue());
        assertThat(read.kinds()).containsAll(OrcException.kinds().kinds());
    }

    @Test
    void an_executor_that_tells_nothing_has_the_errors_that_are_known_here() {
        assertThat(TypeTables.read(info(Map.of())).kinds())
                .containsExactlyElementsOf(OrcException.kinds().kinds());
    }

    @Test
    void a_peer_cannot_give_a_kind_of_ours_other_parents() {
        TypeTable read = read(entries("orc.error.memory", "", "vendor.x", "orc.error.memory"));
        assertThat(read.find("vendor.x"))
                .hasValueSatisfying(
                        kind -> assertThat(kind.isA(OrcException.ERROR)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b,b,a", // a cycle
                "a,a", // the shortest one
                "b,a,a,", // a parent that comes later
                "b,nowhere",
                "a,,a,", // twice
                "A,",
                "a b,",
                ",",
                "\u001b[2J,"
            })
    void what_is_no_table_is_a_violation_of_the_protocol_on_one_line(String table) {
        refused(entries(table.split(",", -1)));
    }

    @Test
    void a_table_is_as_long_as_its_bound_and_no_longer() {
        int more = TypeTable.MAX_KINDS - OrcException.kinds().kinds().size();
        assertThat(read(entries(roots(more))).kinds()).hasSize(TypeTable.MAX_KINDS);
        refused(entries(roots(more + 1)));
        refused(entries(roots(TypeTable.MAX_KINDS + 1)));
        refused(new SpsWriter().count(1L << 60).toByteArray());
        refused(Arrays.copyOf(entries("a", ""), 40));
    }

    private static String[] roots(int count) {
        String[] table = new String[2 * count];
        Arrays.fill(table, "");
        for (int k = 0; k < count; k++) {
            table[2 * k] = "k" + k;
        }
        return table;
    }

    private static void refused(byte[] value) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> read(value))
                .withMessageStartingWith("protocol violation by the peer: its value 'orc-rt.types' cannot be read: ")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\u001b", "\n"))
                .satisfies(error -> assertThat(error.typeId()).isEqualTo(TransportException.PROTOCOL_VIOLATION));
    }

    private static byte[] entries(String... namesAndParents) {
        SpsWriter out = new SpsWriter().count(namesAndParents.length / 2);
        for (String name : namesAndParents) {
            out.name(name);
        }
        return out.toByteArray();
    }

    private static TypeTable read(byte[] value) {
        return TypeTables.read(info(Map.of("orc-rt.types", value)));
    }

    private static BootstrapInfo info(Map<String, byte[]> values) {
        return new BootstrapInfo(new ProcessInfo("x", 4096), Map.of(), values);
    }
}
