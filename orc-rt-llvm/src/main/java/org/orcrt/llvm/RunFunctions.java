// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.util.Map;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

/// Runs JIT'd functions of the three C types that LLVM asks for.
final class RunFunctions {

    /// `int main(int argc, char *argv[])` as `i64(address, sequence of strings)`. Without arguments argc is 0.
    static final WrapperFunction MAIN = SpsFunction.of(Execution.OWN_THREAD, RunFunctions::runAsMain);

    /// `int f(void)` as `i32(address)`.
    static final WrapperFunction VOID_FUNCTION = SpsFunction.of(Execution.OWN_THREAD, RunFunctions::runAsVoid);

    /// `int f(int)` as `i32(address, i32)`.
    static final WrapperFunction INT_FUNCTION = SpsFunction.of(Execution.OWN_THREAD, RunFunctions::runAsInt);

    private RunFunctions() {}

    static Map<Service, WrapperFunction> functions() {
        return Map.of(
                Service.RUN_AS_MAIN, MAIN,
                Service.RUN_AS_VOID_FUNCTION, VOID_FUNCTION,
                Service.RUN_AS_INT_FUNCTION, INT_FUNCTION);
    }

    private static void runAsMain(SpsReader args, SpsWriter result) {
        long function = function(args);
        String[] words = new String[(int) args.readCount(Long.BYTES)];
        for (int k = 0; k < words.length; k++) {
            words[k] = args.readName();
        }
        args.end();
        try (ArgumentVector argv = new ArgumentVector(words)) {
            int code = (int) NativeFunctions.call(function, words.length, argv.address());
            result.u64(code);
        }
    }

    private static void runAsVoid(SpsReader args, SpsWriter result) {
        long function = function(args);
        args.end();
        int code = (int) NativeFunctions.call(function, 0);
        result.i32(code);
    }

    private static void runAsInt(SpsReader args, SpsWriter result) {
        long function = function(args);
        int argument = args.readI32();
        args.end();
        int code = (int) NativeFunctions.call(function, argument);
        result.i32(code);
    }

    private static long function(SpsReader args) {
        long function = args.readU64();
        if (function == 0) {
            throw new IllegalArgumentException("the controller asks to run the null address");
        }
        return function;
    }
}
