// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.util.function.UnaryOperator;

/// A codec that its own body uses; counts how deep reading is, so that no bytes overflow the stack.
final class RecursiveCodec<T> implements SpsCodec<T> {

    private final long minBytes;
    private final SpsCodec<T> body;

    @SuppressWarnings("this-escape") // the body keeps it and calls nothing yet
    RecursiveCodec(long minBytes, UnaryOperator<SpsCodec<T>> body) {
        this.minBytes = minBytes;
        this.body = body.apply(this);
    }

    @Override
    public void write(SpsWriter writer, T value) {
        body.write(writer, value);
    }

    @Override
    public T read(SpsReader reader) {
        reader.enter();
        T value = body.read(reader);
        reader.leave();
        return value;
    }

    @Override
    public long minBytes() {
        return minBytes;
    }
}
