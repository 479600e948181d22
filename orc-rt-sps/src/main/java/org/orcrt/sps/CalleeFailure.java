// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import org.orcrt.api.CallException;
import org.orcrt.api.PeerText;

/// Makes an exception of what a called function says went wrong.
final class CalleeFailure {

    private CalleeFailure() {}

    static CallException of(String text) {
        return new CallException(CallException.HANDLER_FAILED, PeerText.escape(text));
    }
}
