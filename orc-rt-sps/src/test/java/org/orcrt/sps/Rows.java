// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

/// How often a test of a failure mode repeats itself: a part with every build, all of it with `-Dorcrt.rows=full`.
final class Rows {

    private static final boolean FULL = "full".equals(System.getProperty("orcrt.rows"));

    private Rows() {}

    static int tenthOf(int count) {
        return FULL ? count : count / 10;
    }
}
