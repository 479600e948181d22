// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.cycle.second;

import org.orcrt.it.architecture.planted.cycle.first.First;

/// Planted: half of a cycle.
public final class Second {
    /// What closes it.
    public First violation;
}
