// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where the build under test lies.
final class Root {
    private Root() {}

    /// The folder with `bin/` and the parent `pom.xml`: the system property `orcrt.root`, else found by walking up.
    static Path path() {
        String property = System.getProperty("orcrt.root");
        if (property != null) {
            return Path.of(property);
        }
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, above -> above != null, Path::getParent)
                .filter(above -> Files.isDirectory(above.resolve("bin")) && Files.exists(above.resolve("pom.xml")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder with bin/ and pom.xml above " + here));
    }

    /// Our executor. The system property `orcrt.executor` puts another one in its place: LLVM's own, say, to see
    /// whether a failure is one of the test.
    static Path executor() {
        String property = System.getProperty("orcrt.executor");
        Path executor = property == null ? path().resolve("bin/orc-executor") : Path.of(property);
        if (!Files.isExecutable(executor)) {
            throw new IllegalStateException("no executor at " + executor + ": is the build complete?");
        }
        return executor;
    }
}
