// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.cycle.first;

import org.orcrt.it.architecture.planted.cycle.second.Second;

/// Planted: half of a cycle.
public final class First {
    /// What closes it.
    public Second violation;
}
