// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

/// Goes around every incoming call that may run foreign code: calls of native functions, and of Java functions declared
/// [org.orcrt.api.Execution#OWN_THREAD].
@FunctionalInterface
public interface CallInterceptor {

    /// One call, on the thread made for it. Must call [OwnThreadCall#proceed] once, or answer by itself.
    ///
    /// @param call the call; valid until this method returns
    void around(OwnThreadCall call);
}
