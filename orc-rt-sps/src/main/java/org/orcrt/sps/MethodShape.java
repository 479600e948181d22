// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One method of a bound interface.
///
/// @param method the method
/// @param name what its function is called
/// @param parameters its arguments in order
/// @param result its result, or the one of its stage; `null` for none
/// @param staged reads and writes the whole result if it comes in a stage, or else `null`
/// @param timeoutNs how long a caller waits, in nanoseconds
record MethodShape(
        Method method,
        String name,
        List<SpsType> parameters,
        @Nullable SpsType result,
        @Nullable SpsCodec<?> staged,
        long timeoutNs) {

    boolean isStaged() {
        return staged != null;
    }

    ResultForm form() {
        return form(method, result);
    }

    static ResultForm form(Method method, @Nullable SpsType result) {
        SpsMethod said = method.getAnnotation(SpsMethod.class);
        if (said == null || !said.fallible()) {
            return ResultForm.PLAIN;
        }
        return result == null ? ResultForm.ERROR : ResultForm.EXPECTED;
    }

    MethodTypeDesc type() {
        return MethodTypeDesc.of(
                TypeCompiler.desc(method.getReturnType()),
                List.of(method.getParameterTypes()).stream()
                        .map(TypeCompiler::desc)
                        .toList());
    }
}
