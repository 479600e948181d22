// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.bench.Entries.Entry;
import org.orcrt.sps.SpsCodec;
import org.orcrt.sps.SpsCodecs;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// Entries in SPS, in a writer and a reader that are kept.
abstract class SpsFormat {

    private static final SpsCodec<Entries> DERIVED = SpsCodecs.forRecord(MethodHandles.lookup(), Entries.class);

    /// Two lengths and two numbers.
    private static final long MIN_ENTRY_BYTES = 32;

    private final SpsWriter writer = new SpsWriter();
    private final SpsReader reader = new SpsReader();

    /// Entries as somebody writes them who calls the writer and the reader.
    static SpsFormat handWritten() {
        return new SpsFormat() {
            @Override
            void write(SpsWriter out, Entries entries) {
                List<Entry> list = entries.list();
                out.count(list.size());
                for (int i = 0; i < list.size(); i++) {
                    Entry entry = list.get(i);
                    out.text(entry.name())
                            .u64(entry.first())
                            .u64(entry.second())
                            .bytes(entry.content());
                }
            }

            @Override
            Entries read(SpsReader in) {
                int count = in.readLength(MIN_ENTRY_BYTES);
                List<Entry> list = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    list.add(new Entry(in.readText(), in.readU64(), in.readU64(), in.readBytes()));
                }
                return new Entries(list);
            }
        };
    }

    /// Entries as the codec of their records writes them.
    static SpsFormat derived() {
        return new SpsFormat() {
            @Override
            void write(SpsWriter out, Entries entries) {
                DERIVED.write(out, entries);
            }

            @Override
            Entries read(SpsReader in) {
                return DERIVED.read(in);
            }
        };
    }

    /// Writes entries over the last ones, and returns how many bytes they take.
    final long encode(Entries entries) {
        write(writer.reset(), entries);
        return writer.length();
    }

    /// Reads what was written last.
    final Entries decode() {
        Entries entries = read(reader.over(writer.segment(), 0, writer.length()));
        reader.end();
        return entries;
    }

    abstract void write(SpsWriter out, Entries entries);

    abstract Entries read(SpsReader in);
}
