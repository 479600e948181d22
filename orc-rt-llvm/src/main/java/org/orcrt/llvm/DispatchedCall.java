// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;
import org.orcrt.ffm.WrapperResult;

/// Takes the answer to a call of JIT'd code whose thread waits. It is written straight into the place from which the C
/// function returns it, on the thread that reads: the waiting thread's stack keeps that place.
///
/// @param result the address of 16 zero bytes
record DispatchedCall(long result) implements ResultHandler {

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        switch (status) {
            case RESULT -> WrapperResult.write(result, bytes, offset, length);
            case OUT_OF_BAND_ERROR -> WrapperResult.writeError(result, text(bytes, offset, length));
            case DISCONNECTED, DEADLINE_EXCEEDED, CANCELLED -> WrapperResult.writeError(result, "disconnecting");
        }
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
