// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// One program with one set of arguments, and what is written down for it.
///
/// @param program what is run
/// @param modes how llvm-jitlink runs it; each mode must come to the same end
/// @param args what `main` gets; the first word is `argv[0]` (natively: the name of the executable)
/// @param written how it must end
/// @param excused the columns for which that does not hold, each with the reason
record Case(Program program, Set<Mode> modes, List<String> args, Outcome written, Map<Column, String> excused) {

    /// The same with arguments.
    Case args(String... words) {
        return new Case(program, modes, List.of(words), written, excused);
    }

    /// The same with the end that is written down.
    Case ends(int exitCode, String stdout) {
        return new Case(program, modes, args, new Outcome(exitCode, stdout), excused);
    }

    /// The same without the native column.
    Case notNative(String reason) {
        return without(Column.NATIVE, reason);
    }

    /// The same without LLVM's executor, which fails it: ours must still do what is written down.
    Case oursAlone(String reason) {
        return without(Column.LLVM, reason);
    }

    /// Whether what is written down holds in this column.
    boolean countsIn(Column column) {
        return !excused.containsKey(column);
    }

    /// This case in each of its modes.
    Stream<Job> jobs() {
        return modes.stream().map(mode -> new Job(this, mode));
    }

    private Case without(Column column, String reason) {
        Map<Column, String> more = new EnumMap<>(Column.class);
        more.putAll(excused);
        more.put(column, reason);
        return new Case(program, modes, args, written, Map.copyOf(more));
    }

    @Override
    public String toString() {
        return args.isEmpty() ? program.toString() : program + " --args " + String.join(" ", args);
    }

    /// A case in one mode: what llvm-jitlink is started for.
    record Job(Case of, Mode mode) {

        @Override
        public String toString() {
            return of + " [" + mode + "]";
        }
    }
}
