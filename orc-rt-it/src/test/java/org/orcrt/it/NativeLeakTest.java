// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Buffers of calls between Java and C are freed once each, whoever owns them in the end: C's own heap says so. One of
/// 32 bytes lost per call is twice the growth that fails. Without the JIT compilers, which take megabytes of that heap
/// whenever they like.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeLeakTest {

    private static final Pattern SUMMARY = Pattern.compile("calls (\\d+), grown by (-?\\d+) bytes\\n");
    private static final int SMALLEST_BLOCK_BYTES = 32;

    @TempDir
    private Path directory;

    private Path library;

    @BeforeAll
    void compile(@TempDir Path place) {
        library = NativeLibrary.compile(place, "native.c");
    }

    @ParameterizedTest
    @CsvSource({
        "sync, 100, 100000",
        "sync-error, 8, 100000",
        "async, 8, 100000",
        "async, 100, 100000",
        "async-error, 100, 100000",
        "async-twice, 100, 100000",
        "discard, 8, 100000",
        "discard, 100, 100000",
        "java-sync, 100, 100000",
        "java-async, 8, 100000",
        "java-async, 100, 100000",
        "java-sync-error, 100, 100000",
        "java-async-error, 100, 100000",
        "controller, 5000, 2000",
        "session, 20000, 500"
    })
    void nothing_is_lost(String kind, int size, int calls) {
        Finished run = Child.runWithPlugIns(
                directory,
                NativeLeakProgram.class,
                List.of("-Xint", "-Xmx64m"),
                library.toString(),
                kind,
                Integer.toString(size),
                Integer.toString(calls));
        assertThat(run.stderr()).isEmpty();
        assertThat(run.exitCode()).as("%s", run).hasValue(0);
        Matcher summary = SUMMARY.matcher(run.stdout());
        assertThat(summary.matches()).as("%s", run).isTrue();
        long lostBytes = (long) calls * Math.max(SMALLEST_BLOCK_BYTES, size > 1000 ? size : 0);
        assertThat(Long.parseLong(summary.group(2))).as("%s", run).isLessThan(lostBytes / 2);
    }
}
