// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orcrt.api.ProcessInfo;

class ProcessDetectionTest {

    @ParameterizedTest
    @CsvSource({
        "amd64, Linux, x86_64-pc-linux-gnu",
        "x86_64, Linux, x86_64-pc-linux-gnu",
        "aarch64, Linux, aarch64-unknown-linux-gnu",
        "arm64, Linux, aarch64-unknown-linux-gnu",
        "riscv64, Linux, riscv64-unknown-linux-gnu",
        "ppc64le, Linux, ppc64le-unknown-linux-gnu",
        "x86_64, Mac OS X, x86_64-apple-darwin",
        "aarch64, Mac OS X, arm64-apple-darwin",
        "arm64, Mac OS X, arm64-apple-darwin"
    })
    void the_triple_is_what_llvm_calls_the_machine(String arch, String os, String triple) {
        assertThat(ProcessDetection.triple(arch, os)).isEqualTo(triple);
    }

    @Test
    void this_process_has_a_triple_and_pages_of_a_power_of_two() {
        ProcessInfo process = ProcessDetection.detect();
        assertThat(process.triple()).matches("[a-z0-9_]+-[a-z]+-[a-z]+(-[a-z]+)?");
        assertThat(process.pageBytes()).isGreaterThanOrEqualTo(4096);
        assertThat(Long.bitCount(process.pageBytes())).isEqualTo(1);
    }

    @Test
    void pages_have_the_size_that_the_system_tells() throws Exception {
        assertThat(ProcessDetection.detect().pageBytes()).isEqualTo(Long.parseLong(told("getconf", "PAGESIZE")));
    }

    @Test
    void the_triple_names_the_processor_and_the_system_that_the_kernel_tells() throws Exception {
        assertThat(ProcessDetection.detect().triple())
                .startsWith(told("uname", "-m") + "-")
                .contains("-" + told("uname", "-s").toLowerCase(Locale.ROOT) + "-");
    }

    @Test
    void looking_twice_finds_the_same_process() {
        assertThat(ProcessDetection.detect()).isEqualTo(ProcessDetection.detect());
    }

    private static String told(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        } finally {
            process.destroy();
        }
    }
}
