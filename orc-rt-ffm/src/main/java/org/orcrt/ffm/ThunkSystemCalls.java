// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// System calls by machine code of our own: the kernel's own convention returns `-errno`, so no FFM shape that captures
/// the thread's `errno` is needed.
final class ThunkSystemCalls implements RawSystemCalls {

    @Override
    public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        return NativeFunctions.call(MachineCode.systemCallThunk(call), a, b, c, d, e, f);
    }
}
