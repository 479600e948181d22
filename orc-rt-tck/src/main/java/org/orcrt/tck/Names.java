// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;

/// What the names of plug-ins have in common.
final class Names {

    private Names() {}

    /// Checks a name that was asked for twice, of two instances.
    static void check(String first, String second) {
        assertEquals(first, second, "the name changes");
        assertTrue(first.matches("\\S+"), "the name is no word: '" + first + "'");
    }

    /// Checks the reason for which a plug-in cannot work here, if there is one.
    static void checkReason(Optional<String> unavailable) {
        unavailable.ifPresent(reason -> assertTrue(!reason.isBlank(), "no reason is given"));
    }
}
