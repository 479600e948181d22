// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/// Sources of the corpus and how they are linked.
///
/// A link line is made of words. `x.o` is compiled from `x.c` or `x.cpp` of the folder. `libx.a` holds all sources of
/// the sub-folder `x`; if there is none, it is the system's static library. `x.so` (native lines only) is a shared
/// object made of `x.o`, loaded by the program itself. Anything else goes to the linker as it is.
///
/// @param folder the folder below `corpus/` with the sources
/// @param flags what clang is given besides `-fPIC -O1`
/// @param jitLine what llvm-jitlink is given after its options
/// @param nativeLine what clang++ is given to make an executable
record Program(String folder, List<String> flags, List<String> jitLine, List<String> nativeLine) {

    /// A program that is linked natively from the same objects, in the same order.
    static Program of(String folder, String line) {
        List<String> words = words(line);
        return new Program(folder, List.of(), words, words);
    }

    /// The same, compiled with these flags too.
    Program withFlags(String... more) {
        return new Program(folder, List.of(more), jitLine, nativeLine);
    }

    /// The same, linked natively in its own way.
    Program withNativeLine(String line) {
        return new Program(folder, flags, jitLine, words(line));
    }

    /// A case that runs this program in these modes.
    Case in(Mode first, Mode... others) {
        return new Case(this, EnumSet.of(first, others), List.of(), new Outcome(0, ""), Map.of());
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }

    @Override
    public String toString() {
        return flags.isEmpty() ? folder : folder + " " + String.join(" ", flags);
    }
}
