// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.orcrt.api.ExecutorAddress;

/// What the kernel says is mapped.
final class Maps {

    private static final Pattern LINE =
            Pattern.compile("(?<from>[0-7]?\\w{1,15})-(?<to>[0-7]?\\w{1,15}) (?<protection>\\S+)");

    private Maps() {}

    /// The mappings within a range, cut to it.
    ///
    /// @return for example `0+2000 r-xp`: offset from the start, size, protection; neighbours of one protection
    /// joined
    static List<String> within(ExecutorAddress start, long sizeBytes) {
        List<String> found = new ArrayList<>();
        long from = 0;
        long to = 0;
        String last = "";
        for (String line : lines()) {
            Matcher fields = LINE.matcher(line);
            if (!fields.lookingAt()) {
                continue; // vsyscall, above 2^63
            }
            long low = Math.max(from(fields), start.value());
            long high = Math.min(to(fields), start.value() + sizeBytes);
            if (low >= high) {
                continue;
            }
            if (low != to || !fields.group("protection").equals(last)) {
                add(found, start, from, to, last);
                from = low;
                last = fields.group("protection");
            }
            to = high;
        }
        add(found, start, from, to, last);
        return found;
    }

    /// How many mappings the kernel has within a range, neighbours of one protection counted as it keeps them.
    static long count(ExecutorAddress start, long sizeBytes) {
        return lines().stream()
                .map(LINE::matcher)
                .filter(Matcher::lookingAt)
                .filter(line -> from(line) < start.value() + sizeBytes && to(line) > start.value())
                .count();
    }

    /// What may be written and executed within slabs.
    ///
    /// @param slabs their sizes by address
    static List<String> writableAndExecutable(Map<Long, Long> slabs) {
        return lines().stream()
                .filter(line -> line.contains("wx"))
                .map(LINE::matcher)
                .filter(Matcher::lookingAt)
                .filter(line -> slabs.entrySet().stream()
                        .anyMatch(slab -> from(line) < slab.getKey() + slab.getValue() && to(line) > slab.getKey()))
                .map(Matcher::group)
                .toList();
    }

    private static long from(Matcher line) {
        return Long.parseLong(line.group("from"), 16);
    }

    private static long to(Matcher line) {
        return Long.parseLong(line.group("to"), 16);
    }

    private static void add(List<String> found, ExecutorAddress start, long from, long to, String protection) {
        if (to != 0) {
            found.add("%x+%x %s".formatted(from - start.value(), to - from, protection));
        }
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
