// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.api;

import org.orcrt.it.architecture.planted.api.memory.Request;

/// Planted: the middle looks up.
public final class ThingKnowsRequest {
    final Object violation = new Request();
}
