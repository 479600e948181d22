// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.orcrt.ffm.NativeMemory;

/// A C `argv`: pointers, a null pointer, and behind them the words, each ended by a NUL. One block.
final class ArgumentVector implements AutoCloseable {

    private final long block;

    /// @param words their characters are bytes, as they came over the wire
    ArgumentVector(String[] words) {
        long pointerBytes = (words.length + 1L) * Long.BYTES;
        long wordBytes = 0;
        for (String word : words) {
            wordBytes += word.length() + 1L;
        }
        block = NativeMemory.malloc(pointerBytes + wordBytes);
        long place = block + pointerBytes;
        for (int k = 0; k < words.length; k++) {
            byte[] bytes = words[k].getBytes(StandardCharsets.ISO_8859_1);
            NativeMemory.putLong(block + (long) k * Long.BYTES, place);
            MemorySegment.copy(bytes, 0, NativeMemory.ALL, ValueLayout.JAVA_BYTE, place, bytes.length);
            NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, place + bytes.length, (byte) 0);
            place += bytes.length + 1L;
        }
        NativeMemory.putLong(block + (long) words.length * Long.BYTES, 0);
    }

    long address() {
        return block;
    }

    @Override
    public void close() {
        NativeMemory.free(block);
    }
}
