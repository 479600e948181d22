// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// How an outgoing call ended.
public enum CallStatus {
    /// The function answered with bytes.
    RESULT,
    /// The function, or the peer in its place, answered with an error text.
    OUT_OF_BAND_ERROR,
    /// The connection ended before an answer came.
    DISCONNECTED,
    /// The time that the caller gave was over before an answer came. The function may still run.
    DEADLINE_EXCEEDED,
    /// The caller withdrew the call before an answer came. The function may still run.
    CANCELLED
}
