// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.WrapperReturn;

/// An incoming call on a thread of its own.
public interface OwnThreadCall {

    /// The function that is called.
    ///
    /// @return its address
    long target();

    /// The argument bytes.
    ///
    /// @return all of the segment; valid until [#proceed] is called, or the interceptor returns without that
    MemorySegment args();

    /// Takes the call's one answer.
    ///
    /// @return where the answer goes
    WrapperReturn reply();

    /// Runs the function.
    ///
    /// @param reply where its answer goes: [#reply()], or something that passes on to it
    void proceed(WrapperReturn reply);

    /// Says that this thread will never come back from [#proceed]. The session no longer waits for it when it shuts
    /// down, but it goes on counting among the calls that run at once. Any thread; idempotent.
    void abandon();
}
