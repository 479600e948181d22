// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What Jazzer calls, by the names that it knows, for any [FuzzTarget]. Jazzer is not needed to compile it.
public final class FuzzDriver {

    /// The second argument for the target as it is, or with its bug.
    public static final String OURS = "ours";

    public static final String PLANTED = "planted";

    private static FuzzTarget target;
    private static Path finding;
    private static long executions;

    private FuzzDriver() {}

    /// Writes a target's seeds, for the corpus to begin with.
    ///
    /// @param args the target's class, [#OURS] or [#PLANTED], the directory
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        Path directory = Files.createDirectories(Path.of(args[2]));
        List<byte[]> seeds = of(args[0], args[1]).seeds();
        for (int k = 0; k < seeds.size(); k++) {
            Files.write(directory.resolve("seed-" + k), seeds.get(k));
        }
    }

    /// Called once.
    ///
    /// @param args the target's class, [#OURS] or [#PLANTED], the file for what is found
    public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
        target = of(args[0], args[1]);
        finding = Path.of(args[2]);
    }

    /// Called with each input.
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        executions++;
        try {
            target.run(input);
        } catch (Throwable unexpected) {
            Files.writeString(finding, "%d%n%s%n%s%n".formatted(executions, unexpected, FuzzRun.regression(input)));
            throw unexpected;
        }
    }

    private static FuzzTarget of(String type, String which) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(type).getDeclaredConstructor();
        constructor.setAccessible(true);
        FuzzTarget ours = (FuzzTarget) constructor.newInstance();
        return which.equals(PLANTED) ? ours.planted() : ours;
    }
}
