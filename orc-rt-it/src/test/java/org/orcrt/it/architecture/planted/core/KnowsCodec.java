// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.core;

import org.orcrt.it.architecture.planted.sps.Codec;

/// Planted: knows what the bytes of a call mean.
final class KnowsCodec {
    final Object violation = new Codec();
}
