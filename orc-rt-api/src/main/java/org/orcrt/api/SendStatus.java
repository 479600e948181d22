// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// What became of an attempt to send a call. The handler is told of an outcome if and only if the status is [#SENT].
public enum SendStatus {
    /// Accepted; delivery is still not certain.
    SENT,
    /// No room now, or too many calls in flight. Nothing was sent; try again later.
    BACK_PRESSURED,
    /// There is no controller, or no longer. Nothing was sent.
    DISCONNECTED
}
