// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.spi;

import org.orcrt.it.architecture.planted.api.memory.Request;

/// Planted: a package looks sideways.
public final class PortKnowsRequest {
    final Object violation = new Request();
}
