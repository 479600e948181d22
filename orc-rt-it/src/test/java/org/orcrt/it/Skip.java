// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/// Skips a test so that nobody takes it for passed.
public final class Skip {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Skip() {}

    /// The exception that makes JUnit count a test as skipped; says why on stderr, once for each text.
    ///
    /// @param why what is missing and what to install
    public static TestAbortedException because(String why) {
        if (SAID.add(why)) {
            System.err.println("SKIPPED: " + why);
        }
        return new TestAbortedException(why);
    }
}
