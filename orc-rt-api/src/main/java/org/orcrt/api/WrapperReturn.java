// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.type.TypeId;

/// Takes the one answer to one call. Any thread; a second answer is an [IllegalStateException] and changes nothing. A
/// result that cannot be read (outside its segment, in memory that is gone) is an exception and no answer. The answer
/// of a [Execution#LEAF] function comes on the thread that called it, before it returns.
public interface WrapperReturn {

    /// Answers with bytes.
    ///
    /// @param bytes where the result lies; copied before this method returns
    /// @param offset its offset in `bytes`, in bytes
    /// @param length how long it is; 0 for a void result
    void result(MemorySegment bytes, long offset, long length);

    /// Answers with an error that is not part of the function's own results.
    ///
    /// @param text what went wrong, for people
    void outOfBandError(String text);

    /// Answers with an error of a kind. The kind reaches a controller of ours: [CallException#remoteKind()]. LLVM's
    /// controllers and native code hear the text at most.
    ///
    /// @param kind [OrcException#ERROR] or a kind below it
    /// @param text what went wrong, for people
    /// @throws IllegalArgumentException if the kind is no error
    default void outOfBandError(TypeId kind, String text) {
        outOfBandError(text);
    }
}
