// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

/// How often the tests of failure modes repeat themselves. A row whose budget is a long run does a tenth of it with
/// every build, and all of it with `-Dorcrt.rows=full` (`bin/soak rows`).
final class Rows {

    private static final boolean FULL = "full".equals(System.getProperty("orcrt.rows"));

    private Rows() {}

    static int scaled(int count) {
        return FULL ? count : count / 10;
    }
}
