// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Two lambdas.
record HandWrittenCodec<T extends @Nullable Object>(
        long minBytes, BiConsumer<SpsWriter, T> writer, Function<SpsReader, T> reader) implements SpsCodec<T> {

    HandWrittenCodec {
        if (minBytes < 0) {
            throw new IllegalArgumentException("minBytes is negative: " + minBytes);
        }
    }

    @Override
    public void write(SpsWriter out, T value) {
        writer.accept(out, value);
    }

    @Override
    public T read(SpsReader in) {
        return reader.apply(in);
    }
}
