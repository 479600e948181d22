// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// This `String` is a name: one character for each byte, so that none is lost ([SpsReader#readName]). Without it a
/// `String` is UTF-8 text ([SpsReader#readText]).
///
/// ```java
/// record Library(@SpsName String path, List<@SpsName String> symbols) {}
/// ```
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface SpsName {}
