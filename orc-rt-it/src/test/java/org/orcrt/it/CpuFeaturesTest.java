// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.Session;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;

/// What we say of this machine's processor, against LLVM's own opinion.
class CpuFeaturesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern FEATURE = Pattern.compile("\"-target-feature\" \"\\+([^\"]+)\"");

    @TempDir
    private Path scratch;

    @Test
    void llvm_knows_and_sees_every_feature_that_we_claim() {
        List<String> claimed = bootstrapInfo().processInfo().cpuFeatures();
        assertThat(claimed).isNotEmpty().doesNotHaveDuplicates();
        assertThat(nativeFeatures()).containsAll(claimed);
        assertThat(claimed).containsAnyOf("sse2", "neon");
    }

    @Test
    void a_peer_of_ours_is_told_the_features() {
        BootstrapInfo info = bootstrapInfo();
        String told = info.processInfo().cpuFeatures().stream()
                .map(feature -> "+" + feature)
                .collect(Collectors.joining(","));
        assertThat(info.values()).containsKey("orc-rt.Executor.SubtargetFeatures");
        assertThat(new String(info.values().get("orc-rt.Executor.SubtargetFeatures"), StandardCharsets.US_ASCII))
                .isEqualTo(told);
    }

    /// What clang compiles for with `-march=native`.
    private Set<String> nativeFeatures() {
        String clang = new Llvm(scratch).clang().toString();
        List<String> command = List.of(clang, "-march=native", "-###", "-c", "-x", "c", "/dev/null");
        return FEATURE.matcher(Processes.run(scratch, LIMIT, command).orThrow().stderr())
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static BootstrapInfo bootstrapInfo() {
        InProcessPair pair = InProcessPair.create(failure -> {});
        try (Session session = Sessions.builder().attach(pair.access())) {
            return session.bootstrapInfo();
        }
    }
}
