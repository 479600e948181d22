// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.util.Map;
import org.orcrt.sps.SpsMemory;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// Reads the arguments and the result of a function with our code and writes them again with our code.
///
/// @param args the arguments
/// @param result the result of a call that worked
record Codec(Step args, Step result) {

    private static final Step ADDRESS = (in, out) -> out.u64(in.readU64());

    /// By the names under which LLVM's executor offers them.
    static final Map<String, Codec> BY_NAME = Map.of(
            Names.RESERVE, new Codec((in, out) -> out.u64(in.readU64()).u64(in.readU64()), expected(ADDRESS)),
            Names.INITIALIZE, new Codec(Codec::initialize, expected(ADDRESS)),
            Names.RELEASE, new Codec(Codec::release, (in, out) -> writeError(in.readError(), out)),
            Names.OPEN, new Codec(Codec::open, expected(ADDRESS)),
            Names.RESOLVE, new Codec(Codec::resolve, expected(Codec::found)),
            Names.RUN_AS_MAIN, new Codec(Codec::runAsMain, ADDRESS));

    /// Reads something and writes it.
    @FunctionalInterface
    interface Step {

        void copy(SpsReader in, SpsWriter out);
    }

    /// What our code makes of bytes: the same, or an exception.
    static byte[] again(Step step, byte[] bytes) {
        SpsReader in = SpsReader.of(bytes);
        SpsWriter out = new SpsWriter();
        step.copy(in, out);
        in.end();
        return out.toByteArray();
    }

    private static Step expected(Step value) {
        return (in, out) -> {
            if (in.readBool()) {
                value.copy(in, out.expected());
            } else {
                out.unexpected(in.readText());
            }
        };
    }

    private static void writeError(String text, SpsWriter out) {
        if (text == null) {
            out.success();
        } else {
            out.error(text);
        }
    }

    private static void initialize(SpsReader in, SpsWriter out) {
        out.u64(in.readU64());
        SpsMemory.writeInitializeRequest(out, SpsMemory.readInitializeRequest(in));
    }

    private static void release(SpsReader in, SpsWriter out) {
        out.u64(in.readU64());
        copyAll(in, out, Long.BYTES, ADDRESS);
    }

    private static void open(SpsReader in, SpsWriter out) {
        out.u64(in.readU64()).text(in.readText()).u64(in.readU64());
    }

    private static void resolve(SpsReader in, SpsWriter out) {
        out.u64(in.readU64());
        copyAll(in, out, Long.BYTES + 1, (name, to) -> to.name(name.readName()).bool(name.readBool()));
    }

    private static void found(SpsReader in, SpsWriter out) {
        copyAll(in, out, 1, (one, to) -> {
            boolean there = one.readBool();
            to.bool(there);
            if (there) {
                to.address(one.readAddress()).u8(one.readU8()).u8(one.readU8());
            }
        });
    }

    private static void runAsMain(SpsReader in, SpsWriter out) {
        out.u64(in.readU64());
        copyAll(in, out, Long.BYTES, (word, to) -> to.name(word.readName()));
    }

    private static void copyAll(SpsReader in, SpsWriter out, long minElementBytes, Step element) {
        long count = in.readCount(minElementBytes);
        out.count(count);
        for (long left = count; left > 0; left--) {
            element.copy(in, out);
        }
    }
}
