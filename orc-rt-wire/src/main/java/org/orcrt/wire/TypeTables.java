// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.TransportException;
import org.orcrt.api.type.TypeId;
import org.orcrt.api.type.TypeTable;
import org.orcrt.sps.SpsException;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// The table of kinds that an executor sends to a controller of ours, as one of its bootstrap values: a sequence of
/// `(name, parent)`, each parent before its children, the parent of a root empty.
public final class TypeTables {

    /// The value's name.
    public static final String VALUE = "orc-rt.types";

    private static final long MIN_ENTRY_BYTES = 2 * Long.BYTES;

    private TypeTables() {}

    /// Writes a table.
    ///
    /// @param table the kinds
    /// @return the value
    public static byte[] write(TypeTable table) {
        SpsWriter out = new SpsWriter().count(table.kinds().size());
        for (TypeId kind : table.kinds()) {
            @Nullable TypeId parent = kind.parent();
            out.name(kind.name()).name(parent == null ? "" : parent.name());
        }
        return out.toByteArray();
    }

    /// Reads what an executor told of its kinds. The kinds that this end knows keep the parents that they
    /// have here.
    ///
    /// @param info what the executor told first
    /// @return its kinds and those of [OrcException#kinds()]; these alone if it told none, as LLVM's executors do
    /// @throws TransportException if the value is no such table: a peer that breaks the protocol
    public static TypeTable read(BootstrapInfo info) {
        byte[] value = info.values().get(VALUE);
        if (value == null) {
            return OrcException.kinds();
        }
        try {
            return read(SpsReader.of(value));
        } catch (SpsException | IllegalArgumentException unreadable) {
            throw new TransportException(
                    TransportException.PROTOCOL_VIOLATION,
                    "protocol violation by the peer: its value '" + VALUE + "' cannot be read: "
                            + PeerText.escape(String.valueOf(unreadable.getMessage())),
                    unreadable);
        }
    }

    private static TypeTable read(SpsReader in) {
        long count = in.readCount(MIN_ENTRY_BYTES);
        if (count > TypeTable.MAX_KINDS) {
            throw new IllegalArgumentException(count + " kinds; at most " + TypeTable.MAX_KINDS);
        }
        Map<String, TypeId> known = new LinkedHashMap<>();
        OrcException.kinds().kinds().forEach(kind -> known.put(kind.name(), kind));
        List<String> told = new ArrayList<>((int) count);
        for (long left = count; left > 0; left--) {
            told.add(readEntry(in, known));
        }
        in.end();
        if (told.stream().distinct().count() < count) {
            throw new IllegalArgumentException("a kind is told twice");
        }
        return TypeTable.of(known.values());
    }

    /// @param known takes the kind, unless it is there already
    /// @return its name
    private static String readEntry(SpsReader in, Map<String, TypeId> known) {
        String name = in.readName();
        String above = in.readName();
        @Nullable TypeId parent = above.isEmpty() ? null : known.get(above);
        if (parent == null && !above.isEmpty()) {
            // also what a cycle looks like: of its kinds none can come after its parent
            throw new IllegalArgumentException("the parent of kind '" + name + "' does not come before it");
        }
        known.putIfAbsent(name, new TypeId(name, parent));
        return name;
    }
}
