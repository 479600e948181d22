// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ProcessInfo;

/// The words of Linux in LLVM's spelling. That LLVM agrees on this machine is checked against clang in `orc-rt-it`.
class CpuFeaturesTest {

    private static final String X86 = """
            processor\t: 0
            vendor_id\t: GenuineIntel
            model name\t: a processor with flags : made up
            flags\t\t: fpu de lm cmov mmx sse sse2 pni pclmulqdq ssse3 fma sse4_1 sse4_2 movbe popcnt aes xsave avx f16c \
            rdrand lahf_lm abm 3dnowprefetch fsgsbase bmi1 avx2 bmi2 rdseed adx sha_ni avx512f avx512_vnni avx_vnni
            vmx flags\t: vnmi ept
            bugs\t\t: spectre_v1

            processor\t: 1
            flags\t\t: fpu xop
            """;

    private static final String ARM = """
            processor\t: 0
            BogoMIPS\t: 243.75
            Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc asimddp sve
            CPU implementer\t: 0x41
            """;

    @Test
    void flags_of_an_x86_processor_become_the_words_of_llvm() throws IOException {
        assertThat(parse("x86_64", X86))
                .containsExactly(
                        "64bit",
                        "adx",
                        "aes",
                        "avx",
                        "avx2",
                        "avx512f",
                        "avx512vnni",
                        "avxvnni",
                        "bmi",
                        "bmi2",
                        "cmov",
                        "crc32",
                        "f16c",
                        "fma",
                        "fsgsbase",
                        "lzcnt",
                        "mmx",
                        "movbe",
                        "pclmul",
                        "popcnt",
                        "prfchw",
                        "rdrnd",
                        "rdseed",
                        "sahf",
                        "sha",
                        "sse",
                        "sse2",
                        "sse3",
                        "sse4.1",
                        "sse4.2",
                        "ssse3",
                        "xsave");
    }

    @Test
    void features_of_an_aarch64_processor_become_the_words_of_llvm() throws IOException {
        assertThat(parse("aarch64", ARM))
                .containsExactly(
                        "aes", "crc", "dotprod", "fp-armv8", "fullfp16", "lse", "neon", "rcpc", "rdm", "sha2", "sve");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "flags\n", "flags\t:\n", "flags\t: \n", "no such line : avx\n", "flags : AVX +avx2 av\n"})
    void nothing_is_claimed_that_is_not_said(String cpuInfo) throws IOException {
        assertThat(parse("x86_64", cpuInfo)).isEmpty();
    }

    @Test
    void of_other_processors_nothing_is_claimed() throws IOException {
        assertThat(parse("riscv64", X86 + ARM)).isEmpty();
        assertThat(CpuFeatures.detect("riscv64")).isEmpty();
    }

    @Test
    void features_are_published_as_llvm_prints_them() {
        ProcessInfo process = new ProcessInfo("x86_64-pc-linux-gnu", 4096, List.of("avx2", "sse4.2"));
        assertThat(ProcessDetection.subtargetFeatures(process)).isEqualTo("+avx2,+sse4.2");
        assertThat(ProcessDetection.subtargetFeatures(SessionHarness.PROCESS)).isEmpty();
    }

    private static List<String> parse(String arch, String cpuInfo) throws IOException {
        return CpuFeatures.parse(arch, new BufferedReader(new StringReader(cpuInfo)));
    }
}
