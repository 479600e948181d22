// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// Exception frames of JIT'd code, handed to the unwinder of libgcc, which takes a whole `.eh_frame` section that ends
/// with a zero word. Allocation actions `error(range)`.
final class EhFrames {

    static final WrapperFunction REGISTER =
            SpsFunction.of(Execution.OWN_THREAD, (args, result) -> call("__register_frame", args, result));

    static final WrapperFunction DEREGISTER =
            SpsFunction.of(Execution.OWN_THREAD, (args, result) -> call("__deregister_frame", args, result));

    private EhFrames() {}

    private static void call(String name, SpsReader args, SpsWriter result) {
        ExecutorAddressRange section = args.readRange();
        args.end();
        long function = NativeLibraries.symbol(NativeLibraries.PROCESS, name);
        if (function == 0) {
            result.error(name + " not found: install libgcc_s.so.1");
            return;
        }
        if (section.sizeBytes() > 0) {
            NativeFunctions.call(function, section.start().value());
        }
        result.success();
    }
}
