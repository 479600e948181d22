// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.transport.second;

import org.orcrt.it.architecture.planted.transport.first.Hidden;

/// Planted: one transport knows another.
public final class KnowsSibling {
    final Object violation = new Hidden();
}
