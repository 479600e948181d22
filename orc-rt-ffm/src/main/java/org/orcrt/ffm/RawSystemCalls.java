// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

/// One way to make any system call.
interface RawSystemCalls {

    /// Makes a system call.
    ///
    /// @return its result, or `-errno`
    long call(SystemCall call, long a, long b, long c, long d, long e, long f);
}
