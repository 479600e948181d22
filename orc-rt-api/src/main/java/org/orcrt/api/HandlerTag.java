// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// Names a handler of the controller. It is an address in the *executor*, used only as an identity, so that no address
/// of the controller ever reaches the executor. Made once at start-up, not per call.
///
/// @param value the tag as it travels
public record HandlerTag(long value) {

    @Override
    public String toString() {
        return "tag 0x%x".formatted(value);
    }
}
