// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.it.Project;
import org.orcrt.it.fuzz.FuzzLedger.Entry;

class FuzzLedgerTest {

    private static final Entry FIRST = new Entry("2026-11-22", "0123456789ab", "sps", 1000, 3, 0, 17);
    private static final Entry SECOND = new Entry("2026-11-23", "unknown", "sps", 500, 1, 1, 0);

    @TempDir
    private Path directory;

    @Test
    void the_ledger_of_this_tree_has_every_target_and_no_finding_that_is_open() throws IOException {
        FuzzLedger ledger = FuzzLedger.read(Project.root().resolve("docs/fuzz-ledger.json"));
        assertThat(ledger.executions().keySet())
                .containsAll(Stream.of(FuzzTargets.values())
                        .map(FuzzTargets::toString)
                        .toList());
        for (FuzzTargets target : FuzzTargets.values()) {
            Entry last = ledger.entries().stream()
                    .filter(entry -> entry.target().equals(target.toString()))
                    .toList()
                    .getLast();
            assertThat(last.findings()).as("%s", last).isZero();
            assertThat(last.plantedAfter()).as("%s", last).isPositive();
        }
    }

    @Test
    void what_is_recorded_is_added_and_read_again() throws IOException {
        Path file = directory.resolve("ledger.json");
        FuzzLedger.read(file).with(List.of(FIRST)).write(file);
        FuzzLedger.read(file).with(List.of(SECOND)).write(file);
        FuzzLedger both = FuzzLedger.read(file);
        assertThat(both.entries()).containsExactly(FIRST, SECOND);
        assertThat(both.executions()).hasSize(1).containsEntry("sps", 1500L);
        assertThat(file).content().isEqualTo("""
                [
                {"date": "2026-11-22", "commit": "0123456789ab", "target": "sps", "executions": 1000, "seconds": 3, \
                "findings": 0, "plantedAfter": 17},
                {"date": "2026-11-23", "commit": "unknown", "target": "sps", "executions": 500, "seconds": 1, \
                "findings": 1, "plantedAfter": 0}
                ]
                """);
    }

    @Test
    void a_line_that_is_not_of_the_ledger_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("ledger.json"), "[\n{\"date\": \"soon\"}\n]\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FuzzLedger.read(file))
                .withMessageEndingWith("ledger.json, not a line of the ledger: {\"date\": \"soon\"}");
    }
}
