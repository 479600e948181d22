// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// Calls wrapper functions as a session does.
final class Calls {

    private Calls() {}

    static Answer call(WrapperFunction function, SpsWriter args) {
        Answer answer = new Answer();
        function.call(args.segment(), 0, args.length(), answer);
        return answer;
    }

    static final class Answer implements WrapperReturn {
        byte @Nullable [] bytes;

        @Nullable String error;

        @Override
        public void result(MemorySegment from, long offset, long length) {
            bytes = from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public void outOfBandError(String text) {
            error = text;
        }

        SpsReader read() {
            if (bytes == null) {
                throw new AssertionError("no result but " + error);
            }
            return SpsReader.of(bytes);
        }
    }
}
