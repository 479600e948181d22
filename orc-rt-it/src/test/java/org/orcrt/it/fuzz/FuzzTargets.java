// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.fuzz;

import java.util.Locale;

/// What `bin/soak fuzz` runs. The classes lie in the tests of the modules that they are about, where the build runs the
/// same targets over fixed inputs.
enum FuzzTargets {
    SPS("org.orcrt.sps.SpsFuzz"),
    CONNECTION("org.orcrt.wire.ConnectionFuzz"),
    STREAM("org.orcrt.transport.socket.StreamFuzz"),
    SPEC("org.orcrt.spi.ConnectionSpecFuzz"),
    TEXT("org.orcrt.api.PeerTextFuzz");

    private final String className;

    FuzzTargets(String className) {
        this.className = className;
    }

    String className() {
        return className;
    }

    /// What the ledger and the summary call it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
