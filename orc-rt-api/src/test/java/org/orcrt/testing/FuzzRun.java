// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a target in an ordinary test: its seeds as they are, then inputs made of them, the same ones each time.
public final class FuzzRun {

    private static final long SEED = 20_261_122;

    private final FuzzTarget target;
    private long executions;
    private @Nullable Throwable finding;

    private FuzzRun(FuzzTarget target, int mutations) {
        this.target = target;
        List<byte[]> seeds = target.seeds();
        for (byte[] seed : seeds) {
            execute(seed);
        }
        FuzzMutator mutator = new FuzzMutator(seeds, SEED);
        for (int k = 0; k < mutations && finding == null; k++) {
            execute(mutator.next());
        }
    }

    /// Runs the seeds and so many inputs made of them.
    ///
    /// @throws AssertionError for the first finding, with its input
    public static void of(FuzzTarget target, int mutations) {
        Throwable finding = new FuzzRun(target, mutations).finding;
        if (finding != null) {
            throw new AssertionError(finding.getMessage(), finding.getCause());
        }
    }

    /// Looks for the bug that a target has.
    ///
    /// @return how many executions that took; more than `mutations` and the seeds if it was not found
    public static long untilFound(FuzzTarget planted, int mutations) {
        FuzzRun run = new FuzzRun(planted, mutations);
        return run.finding == null ? Long.MAX_VALUE : run.executions;
    }

    /// What a finding is told as: the line that makes it a seed for good.
    ///
    /// @return one line of Java for [FuzzTarget#seeds()]
    public static String regression(byte[] input) {
        return "HexFormat.of().parseHex(\"" + HexFormat.of().formatHex(input) + "\"),";
    }

    private void execute(byte[] input) {
        if (finding != null) {
            return;
        }
        executions++;
        try {
            target.run(input.clone());
        } catch (Throwable unexpected) {
            finding = new AssertionError(
                    "execution %d of %s: %s%nadd to its seeds: %s"
                            .formatted(executions, target.getClass().getSimpleName(), unexpected, regression(input)),
                    unexpected);
        }
    }
}
