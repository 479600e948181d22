// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What the processor can do, in LLVM's words, without native calls: Linux tells it in `/proc/cpuinfo`, and leaves out
/// what the processor has but programs may not use. It says the same of all processors, so the first one is asked.
/// Words of Linux that have no row here are left out; code that is compiled for fewer features runs, too.
final class CpuFeatures {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /// Words of Linux that LLVM spells otherwise, or in several words.
    private static final Map<String, List<String>> X86_OTHERWISE = Map.ofEntries(
            Map.entry("pni", List.of("sse3")),
            Map.entry("sse4_1", List.of("sse4.1")),
            Map.entry("sse4_2", List.of("sse4.2", "crc32")),
            Map.entry("pclmulqdq", List.of("pclmul")),
            Map.entry("bmi1", List.of("bmi")),
            Map.entry("abm", List.of("lzcnt")),
            Map.entry("lahf_lm", List.of("sahf")),
            Map.entry("rdrand", List.of("rdrnd")),
            Map.entry("3dnowprefetch", List.of("prfchw")),
            Map.entry("sha_ni", List.of("sha")),
            Map.entry("lm", List.of("64bit")),
            Map.entry("avx512_bf16", List.of("avx512bf16")),
            Map.entry("avx512_bitalg", List.of("avx512bitalg")),
            Map.entry("avx512_fp16", List.of("avx512fp16")),
            Map.entry("avx512_vbmi2", List.of("avx512vbmi2")),
            Map.entry("avx512_vnni", List.of("avx512vnni")),
            Map.entry("avx512_vp2intersect", List.of("avx512vp2intersect")),
            Map.entry("avx512_vpopcntdq", List.of("avx512vpopcntdq")),
            Map.entry("avx_vnni", List.of("avxvnni")));

    /// Words that are the same on both sides.
    private static final Set<String> X86_ALIKE = Set.of(
            "cmov",
            "cx8",
            "cx16",
            "mmx",
            "fxsr",
            "sse",
            "sse2",
            "ssse3",
            "sse4a",
            "popcnt",
            "aes",
            "vaes",
            "vpclmulqdq",
            "gfni",
            "avx",
            "avx2",
            "f16c",
            "fma",
            "fma4",
            "xop",
            "tbm",
            "bmi2",
            "adx",
            "movbe",
            "rdseed",
            "rdpid",
            "fsgsbase",
            "clflushopt",
            "clwb",
            "clzero",
            "xsave",
            "xsavec",
            "xsaveopt",
            "xsaves",
            "avx512f",
            "avx512bw",
            "avx512cd",
            "avx512dq",
            "avx512ifma",
            "avx512vbmi",
            "avx512vl");

    private static final Map<String, List<String>> AARCH64 = Map.ofEntries(
            Map.entry("fp", List.of("fp-armv8")),
            Map.entry("asimd", List.of("neon")),
            Map.entry("aes", List.of("aes")),
            Map.entry("sha2", List.of("sha2")),
            Map.entry("sha3", List.of("sha3")),
            Map.entry("crc32", List.of("crc")),
            Map.entry("atomics", List.of("lse")),
            Map.entry("fphp", List.of("fullfp16")),
            Map.entry("asimdrdm", List.of("rdm")),
            Map.entry("asimddp", List.of("dotprod")),
            Map.entry("jscvt", List.of("jsconv")),
            Map.entry("fcma", List.of("complxnum")),
            Map.entry("lrcpc", List.of("rcpc")),
            Map.entry("sve", List.of("sve")),
            Map.entry("sve2", List.of("sve2")),
            Map.entry("i8mm", List.of("i8mm")),
            Map.entry("bf16", List.of("bf16")));

    private CpuFeatures() {}

    /// The features of this machine, sorted; none where nobody tells them.
    static List<String> detect(String arch) {
        try (BufferedReader cpuInfo = Files.newBufferedReader(CPU_INFO, StandardCharsets.ISO_8859_1)) {
            return parse(arch, cpuInfo);
        } catch (IOException noSuchFile) {
            return List.of(); // not Linux, or hidden from us
        }
    }

    /// @param arch the processor, as the first word of a triple
    /// @param cpuInfo what `/proc/cpuinfo` says; read as far as needed, which is quick on many processors too
    /// @return sorted; none for a processor that has no table here
    static List<String> parse(String arch, BufferedReader cpuInfo) throws IOException {
        return switch (arch) {
            case "x86_64" -> features(words(cpuInfo, "flags"), X86_ALIKE, X86_OTHERWISE);
            case "aarch64" -> features(words(cpuInfo, "Features"), Set.of(), AARCH64);
            default -> List.of();
        };
    }

    private static String[] words(BufferedReader cpuInfo, String key) throws IOException {
        for (String line = cpuInfo.readLine(); line != null; line = cpuInfo.readLine()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip().split("\\s+");
            }
        }
        return new String[0];
    }

    private static List<String> features(String[] words, Set<String> alike, Map<String, List<String>> otherwise) {
        Set<String> features = new TreeSet<>();
        for (String word : words) {
            features.addAll(alike.contains(word) ? List.of(word) : otherwise.getOrDefault(word, List.of()));
        }
        return List.copyOf(features);
    }
}
