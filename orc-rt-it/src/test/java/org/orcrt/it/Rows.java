// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

/// How often a test repeats what a row of `docs/failure-modes.md` is about: `-Dorcrt.rows=full` for all of it.
public final class Rows {

    private Rows() {}

    /// A count that is too long for every build.
    ///
    /// @param full what the row asks for
    /// @return all of it, or else a tenth
    public static int tenthOf(int full) {
        return "full".equals(System.getProperty("orcrt.rows")) ? full : full / 10;
    }
}
