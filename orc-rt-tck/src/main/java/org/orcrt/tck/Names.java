// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;

/// What the names of plug-ins have in common.
final class Names {

    private Names() {}

    /// Checks a name that was asked for twice, of two instances.
    static void check(String first, String second) {
        assertEquals(first, second, "the name changes");
        assertTrue(first.matches("\\S+"), "the name is no word: '" + first + "'");
    }

    /// Checks schemes that were asked for twice, of two instances.
    static void checkSchemes(Set<String> first, Set<String> second) {
        assertEquals(first, second, "the schemes change");
        assertTrue(!first.isEmpty(), "no scheme");
        for (String scheme : first) {
            assertTrue(scheme.matches("[a-z][a-z0-9-]*"), "not a scheme: '" + scheme + "'");
        }
    }

    /// Checks the reason for which a plug-in cannot work here, if there is one.
    static void checkReason(Optional<String> unavailable) {
        unavailable.ifPresent(reason -> assertTrue(!reason.isBlank(), "no reason is given"));
    }
}
