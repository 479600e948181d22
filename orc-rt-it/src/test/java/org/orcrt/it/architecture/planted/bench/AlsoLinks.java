// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.bench;

import java.lang.foreign.Linker;

/// Not the class that benchmarks keep their native calls in.
final class AlsoLinks {
    final Object violation = Linker.nativeLinker();
}
