// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.lang.foreign.MemorySegment;

/// A function with a declared place to run.
record DeclaredFunction(Execution execution, WrapperFunction function) implements WrapperFunction {

    @Override
    public void call(MemorySegment args, long offset, long length, WrapperReturn reply) {
        function.call(args, offset, length, reply);
    }
}
