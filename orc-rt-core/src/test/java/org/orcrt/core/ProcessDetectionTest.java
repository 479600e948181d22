// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

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
}
