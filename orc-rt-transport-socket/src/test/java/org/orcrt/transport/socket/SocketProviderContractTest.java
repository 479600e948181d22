// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.util.List;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.tck.MessageChannelProviderContract;

/// The transport of sockets and pipes keeps the contract of providers.
class SocketProviderContractTest extends MessageChannelProviderContract {

    @Override
    protected MessageChannelProvider provider() {
        return new SocketProvider();
    }

    @Override
    protected List<String> wrongSpecs() {
        return List.of("fd:3", "fd:in,out", "fd:3,6,7");
    }
}
