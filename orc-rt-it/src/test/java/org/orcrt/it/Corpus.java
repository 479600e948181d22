// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.orcrt.it.Mode.GENERIC;
import static org.orcrt.it.Mode.PLAIN;
import static org.orcrt.it.Mode.RUNTIME;
import static org.orcrt.it.Mode.RUNTIME_GENERIC;
import static org.orcrt.it.Mode.RUNTIME_SHARED;
import static org.orcrt.it.Mode.RUNTIME_SIMPLE_REMOTE;
import static org.orcrt.it.Mode.SHARED;
import static org.orcrt.it.Mode.SIMPLE_REMOTE;

import java.util.List;
import java.util.stream.Stream;

/// What is written down for the programs below `src/test/resources/corpus`.
///
/// One more program: put its sources into a folder there, and a case into one of the lists here. Output and exit code
/// must be the same in each run, and an exit code of its own shows that it is the right program that ended. See
/// [Program] for the words of a link line.
final class Corpus {
    private static final String NO_ARGUMENTS = "without --args llvm-jitlink gives main argc = 0, the system never does";
    private static final String NO_CONSTRUCTORS = "without the ORC runtime nobody runs static constructors";
    private static final String GONE_AT_EXIT =
            "the handler lies in memory that the controller has released when an executor's process ends";
    private static final String CRASHES_AT_EXIT = "LLVM's executor calls the handler, dies, and loses the output";
    private static final String DIES =
            "LLVM's executor ends with the program; llvm-jitlink: disconnecting, exit code 1";
    private static final String RACES = "LLVM's executor may release the code before the thread of main runs the "
            + "destructors of its thread-local data, and then dies without its output";

    private Corpus() {}

    /// Every case.
    static List<Case> cases() {
        return Stream.of(objects(), cplusplus(), statics(), memory(), threads(), runtime(), libraries(), exits())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> objects() {
        Program hello = Program.of("hello", "main.o");
        String greeting = """
                hello, argc=3
                argv[0]='hello'
                argv[1]='one'
                argv[2]='two words'
                argv[argc] is null
                """;
        return List.of(
                hello.in(PLAIN, RUNTIME, GENERIC, SIMPLE_REMOTE, SHARED)
                        .args("hello", "one", "two words")
                        .ends(42, greeting),
                hello.in(PLAIN, RUNTIME).notNative(NO_ARGUMENTS).ends(42, "hello, argc=0\nargv[argc] is null\n"),
                // -g: the controller has the executor register the object with GDB
                hello.withFlags("-g")
                        .in(PLAIN, RUNTIME)
                        .args("hello", "one", "two words")
                        .ends(42, greeting),
                Program.of("two-objects", "main.o part.o")
                        .in(PLAIN, RUNTIME, GENERIC, SIMPLE_REMOTE, SHARED)
                        .ends(26, "sorted: 1 2 3 7\nweighed 4 times, sum 26\n"),
                Program.of("archive", "main.o libshapes.a").in(PLAIN, RUNTIME).ends(31, "square 25, triangle 6\n"),
                Program.of("at-exit", "main.o")
                        .in(PLAIN)
                        .notNative(GONE_AT_EXIT)
                        .oursAlone(CRASHES_AT_EXIT)
                        .ends(47, "main returns\n"),
                Program.of("weak", "main.o").in(PLAIN, RUNTIME).ends(12, "extension absent, puts present\n"),
                Program.of("jumps", "main.o").in(PLAIN, RUNTIME).ends(55, "jumped with 40\njumped with 15\n"));
    }

    private static List<Case> cplusplus() {
        return List.of(
                Program.of("exceptions", "main.o")
                        .in(
                                PLAIN,
                                RUNTIME,
                                GENERIC,
                                SIMPLE_REMOTE,
                                SHARED,
                                RUNTIME_GENERIC,
                                RUNTIME_SIMPLE_REMOTE,
                                RUNTIME_SHARED)
                        .ends(108, """
                                enter withdraw
                                leave withdraw
                                enter withdraw
                                leave withdraw
                                no such account
                                caught out_of_range
                                enter rethrown
                                enter withdraw
                                leave withdraw
                                passing on: overdrawn
                                leave rethrown
                                outer 20 holds 20
                                qsort left early
                                sum 108
                                """),
                Program.of("buffered", "main.o").in(PLAIN, RUNTIME).ends(46, "by cout\nby printf\n"),
                Program.of("iostream", "main.o").in(PLAIN, RUNTIME).ends(63, """
                        cout 1
                        printf 2
                        0xff ****42 0.667
                        read from stdin: false
                        letters 11"""));
    }

    private static List<Case> statics() {
        Program statics = Program.of("statics", "main.o");
        return List.of(
                statics.in(PLAIN).notNative(NO_CONSTRUCTORS).ends(50, "main sees 0\n"),
                statics.in(RUNTIME, RUNTIME_SIMPLE_REMOTE, RUNTIME_SHARED).ends(55, """
                        build first as 1
                        build second as 2
                        constructor function
                        build third as 3
                        build fourth as 4
                        build local as 5
                        fourth borrows local
                        main sees 5
                        destroy fourth
                        destroy local
                        destroy third
                        destroy second
                        destroy first
                        """));
    }

    private static List<Case> memory() {
        return List.of(
                Program.of("segments", "main.o")
                        .in(PLAIN, RUNTIME, GENERIC, SIMPLE_REMOTE, SHARED)
                        .ends(72, """
                                zeros sum up to 0
                                then to 42, words to 12
                                two, page, n
                                aligned: yes, yes
                                """),
                Program.of("recursion", "main.o").in(PLAIN, RUNTIME).ends(64, "sum over 7168 frames: 455168\n"));
    }

    private static List<Case> threads() {
        Program threadLocal = Program.of("thread-local", "main.o");
        String counts = """
                thread 0 counted to 5
                thread 1 counted to 25
                thread 2 counted to 45
                thread 3 counted to 65
                together 16040
                """;
        return List.of(
                Program.of("threads", "main.o").in(PLAIN, RUNTIME).ends(88, "sum 7998000\nexception from afar\n"),
                threadLocal
                        .in(RUNTIME, RUNTIME_SIMPLE_REMOTE, RUNTIME_SHARED)
                        .ends(27, counts + "12 begun, 12 ended\n"),
                threadLocal
                        .in(RUNTIME, RUNTIME_SIMPLE_REMOTE, RUNTIME_SHARED)
                        .args("thread-local", "main-too")
                        .oursAlone(RACES)
                        .ends(37, counts + "main kept 2 and 7\n13 begun, 12 ended\n"));
    }

    /// What the ORC runtime asks of the controller while the program runs.
    private static List<Case> runtime() {
        return List.of(
                Program.of("dlopen", "main.o -jd plugin plugin.o")
                        .withNativeLine("main.o native.o plugin.so")
                        .in(RUNTIME, RUNTIME_SIMPLE_REMOTE, RUNTIME_SHARED)
                        .ends(43, """
                                plugin built
                                plugin answers 21
                                plugin destroyed after 1 call
                                closed with 0
                                """.repeat(2)),
                Program.of(
                                "dlopen-threads",
                                "main.o -jd p1 p1.o -jd p2 p2.o -jd p3 p3.o -jd p4 p4.o -jd shared shared.o")
                        .withNativeLine("main.o native.o p1.so p2.so p3.so p4.so shared.so")
                        .in(RUNTIME)
                        .ends(44, "thread 0: 106\nthread 1: 107\nthread 2: 108\nthread 3: 109\nsum 430\n"),
                Program.of("lazy", "main.o -lazy steps.o -lazy third.o -lazy never.o")
                        .withNativeLine("main.o steps.o third.o never.o native.o")
                        .in(RUNTIME, RUNTIME_SIMPLE_REMOTE, RUNTIME_SHARED)
                        .ends(29, "first gives 6\nagain gives 7\nsecond gives 11\n"),
                Program.of("lazy-threads", "main.o -lazy f01.o -lazy f23.o -lazy f45.o -lazy f67.o")
                        .withNativeLine("main.o f01.o f23.o f45.o f67.o")
                        .in(RUNTIME)
                        .ends(81, """
                                thread 0: 36
                                thread 1: 44
                                thread 2: 52
                                thread 3: 60
                                thread 4: 68
                                thread 5: 76
                                thread 6: 84
                                thread 7: 92
                                sum 512
                                """));
    }

    private static List<Case> libraries() {
        return List.of(
                Program.of("sqlite", "main.o libsqlite3.a")
                        .in(PLAIN, RUNTIME, SIMPLE_REMOTE, SHARED)
                        .ends(7, """
                                all: n=20000 total=10086333 lowest=row-00001 highest=row-20000
                                group: grp=0 n=2857 total=1440308
                                group: grp=1 n=2858 total=1440458
                                group: grp=2 n=2857 total=1440517
                                group: grp=3 n=2857 total=1442366
                                group: grp=4 n=2857 total=1443875
                                group: grp=5 n=2857 total=1441008
                                group: grp=6 n=2857 total=1437801
                                join: pairs=386310
                                deleted: n=10000
                                rolled back: n=20000
                                check: integrity_check=ok
                                """),
                Program.of("zlib", "main.o libz.a").in(PLAIN, RUNTIME).ends(9, """
                        adler fb7c7f52
                        level 1: smaller yes, same yes, crc 6ad594ce
                        level 9: smaller yes, same yes, crc 6ad594ce
                        """));
    }

    /// Programs that end their process: under our executor they end like any other.
    private static List<Case> exits() {
        return List.of(
                leaves("exit", 7, "first line\nno newline before exit"),
                leaves("exit-deep", 33, "descending\nleaving out of qsort"),
                leaves("exit-thread", 17, "main waits\nthe thread leaves"),
                leaves("exit-now", 19, "flushed before _exit"),
                leaves("exit-quick", 23, "flushed before quick_exit"));
    }

    private static Case leaves(String folder, int exitCode, String stdout) {
        return Program.of(folder, "main.o").in(PLAIN, RUNTIME).oursAlone(DIES).ends(exitCode, stdout);
    }
}
