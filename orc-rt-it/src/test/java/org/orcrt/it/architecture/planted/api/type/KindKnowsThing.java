// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.api.type;

import org.orcrt.it.architecture.planted.api.Thing;

/// Planted: the lowest package looks up.
public final class KindKnowsThing {
    final Object violation = new Thing();
}
