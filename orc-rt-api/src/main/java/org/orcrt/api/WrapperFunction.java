// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;

/// Bytes to bytes: the only kind of function that is called between executor and controller. What the bytes mean is the
/// function's business.
@FunctionalInterface
public interface WrapperFunction {

    /// Runs the function. The answer may come later and from another thread.
    ///
    /// @param args where the argument bytes lie; valid until this method returns
    /// @param offset their offset in `args`, in bytes
    /// @param length how many they are
    /// @param reply takes exactly one answer
    void call(MemorySegment args, long offset, long length, WrapperReturn reply);

    /// Where an incoming call runs.
    ///
    /// @return [Execution#DISPATCHED] unless overridden
    default Execution execution() {
        return Execution.DISPATCHED;
    }

    /// Declares where a function runs.
    ///
    /// @param execution where its calls run
    /// @param function the function
    /// @return `function`, with that declaration
    static WrapperFunction on(Execution execution, WrapperFunction function) {
        return new DeclaredFunction(execution, function);
    }
}
