// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// This number takes fewer bits than its Java type has, and is never negative: an `int` of 8 or 16 bits, or a `long` of
/// 32.
///
/// ```java
/// record Header(@SpsUnsigned(8) int version, @SpsUnsigned(32) long sizeBytes) {}
/// ```
///
/// Writing a value that does not fit is an [IllegalArgumentException].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface SpsUnsigned {

    /// How many bits it takes.
    ///
    /// @return 8, 16 or 32
    int value();
}
