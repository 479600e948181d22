// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

/// Who is at the other end.
enum Peer {
    CONTROLLER("controller"),
    EXECUTOR("executor");

    private final String noun;

    Peer(String noun) {
        this.noun = noun;
    }

    /// For messages.
    String noun() {
        return noun;
    }
}
