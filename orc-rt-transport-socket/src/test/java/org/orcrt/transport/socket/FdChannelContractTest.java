// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.tck.MessageChannelContract;

/// Descriptors keep the contract of channels.
class FdChannelContractTest {

    @Nested
    class OverPipes extends MessageChannelContract {
        @Override
        protected Ends connect(Duration flushBound) {
            int[] there = Descriptors.pipe();
            int[] back = Descriptors.pipe();
            return ends(new int[] {back[0], there[1]}, new int[] {there[0], back[1]}, flushBound);
        }
    }

    @Nested
    class OverASocket extends MessageChannelContract {
        @Override
        protected Ends connect(Duration flushBound) {
            int[] both = Descriptors.socketPair();
            return ends(new int[] {both[0], both[0]}, new int[] {both[1], both[1]}, flushBound);
        }
    }

    /// @param first in and out of one end
    /// @param second in and out of the other
    private static MessageChannelContract.Ends ends(int[] first, int[] second, Duration flushBound) {
        FdLimits limits = new FdLimits(8192, flushBound);
        SystemCalls calls = SystemCalls.real();
        return new MessageChannelContract.Ends(
                new FdChannel(calls, first[0], first[1], limits), new FdChannel(calls, second[0], second[1], limits));
    }
}
