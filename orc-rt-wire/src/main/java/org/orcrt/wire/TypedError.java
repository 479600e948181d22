// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.OrcException;
import org.orcrt.api.type.TypeId;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// An error that travels with its kind: `(sequence<name>, text)`, the names from the kind up to its root. So a
/// kind that the other end has never heard of has its parents there, and neither end must know what the other
/// one knows.
final class TypedError {

    private static final long MIN_NAME_BYTES = Long.BYTES;

    private TypedError() {}

    static SpsWriter write(TypeId kind, String text) {
        List<String> names = new ArrayList<>(4);
        for (TypeId next = kind; next != null; next = next.parent()) {
            names.add(next.name());
        }
        SpsWriter out = new SpsWriter().count(names.size());
        names.forEach(out::name);
        return out.text(text);
    }

    /// Reads the kind; the text is left. The names come from the peer: what a name means that this end knows
    /// is not the peer's to say.
    ///
    /// @return [OrcException#ERROR] or a kind below it
    /// @throws org.orcrt.sps.SpsException if the bytes are no sequence of names
    /// @throws IllegalArgumentException if the names are no lineage of an error
    static TypeId readKind(SpsReader in) {
        long count = in.readCount(MIN_NAME_BYTES);
        if (count > TypeId.MAX_DEPTH) {
            throw new IllegalArgumentException(count + " names in a lineage; at most " + TypeId.MAX_DEPTH);
        }
        List<String> names = new ArrayList<>((int) count);
        for (long left = count; left > 0; left--) {
            names.add(in.readName());
        }
        @Nullable TypeId kind = null;
        for (String name : names.reversed()) {
            Optional<TypeId> known = OrcException.kinds().find(name);
            kind = known.isPresent() ? known.get() : new TypeId(name, kind);
        }
        if (kind == null || !kind.isA(OrcException.ERROR)) {
            throw new IllegalArgumentException("the kind is no error");
        }
        return kind;
    }
}
