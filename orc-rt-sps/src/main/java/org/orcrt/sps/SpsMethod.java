// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says more of a method of a bound interface than its signature does. See [SpsBinder].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SpsMethod {

    /// The function's name.
    ///
    /// @return the name, whole; empty for the binder's prefix and the name of the method
    String name() default "";

    /// Whether the function's result can say that it failed: an `SPSError` if the method returns nothing, or
    /// else an `SPSExpected`. An [org.orcrt.api.OrcException] that the method throws travels in it, and is
    /// thrown at the other end as [org.orcrt.api.CallException]. Without it such an exception travels out of band.
    ///
    /// @return whether it can
    boolean fallible() default false;

    /// How long a caller waits.
    ///
    /// @return milliseconds, or 0 for what the binder says
    long timeoutMs() default 0;
}
