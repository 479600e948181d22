// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.WrapperReturn;

/// One call of a native wrapper function that has not been made yet. Its argument bytes lie in native memory already,
/// which belongs to the call: one of [#invoke] and [#discard] ends it, and whichever comes first decides. Any thread.
public interface NativeCall {

    /// The argument bytes.
    ///
    /// @return all of the segment; not to be touched once the call was made or discarded
    MemorySegment args();

    /// Makes the call on this thread. In the asynchronous form the answer may come later and from another thread.
    ///
    /// @param reply takes the result or the out-of-band error
    /// @throws IllegalStateException if the call was made or discarded before
    void invoke(WrapperReturn reply);

    /// Gives up a call that was not made, and frees its arguments; nobody is told. Does nothing if the call
    /// was made, or discarded before.
    void discard();
}
