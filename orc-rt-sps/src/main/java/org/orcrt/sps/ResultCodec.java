// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import org.jspecify.annotations.Nullable;

/// The whole result of a function, as a stage hands it out or takes it in.
///
/// @param value how the value lies in bytes
/// @param form what goes around it
/// @param strict whether nothing may follow
record ResultCodec<T extends @Nullable Object>(SpsCodec<T> value, ResultForm form, boolean strict)
        implements SpsCodec<T> {

    @Override
    public void write(SpsWriter writer, T result) {
        form.writeSuccess(writer);
        value.write(writer, result);
    }

    @Override
    public T read(SpsReader reader) {
        form.readSuccess(reader);
        T result = value.read(reader);
        if (strict) {
            reader.end();
        }
        return result;
    }

    @Override
    public long minBytes() {
        return form == ResultForm.PLAIN ? value.minBytes() : Byte.BYTES;
    }
}
