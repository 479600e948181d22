// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.spi.MessageChannelProvider;

/// `fd:IN,OUT`: two descriptors that we inherited, pipes or sockets.
public final class SocketProvider implements MessageChannelProvider {

    /// For the service loader.
    public SocketProvider() {}

    @Override
    public String name() {
        return "socket";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("fd");
    }

    @Override
    public Optional<String> unavailable() {
        return new FfmLinker().unavailable();
    }

    @Override
    public MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException {
        InheritedDescriptors descriptors = InheritedDescriptors.parse(spec);
        SystemCalls calls = SystemCalls.real();
        descriptors.check(calls);
        return new FdChannel(calls, descriptors.in(), descriptors.out(), FdLimits.DEFAULT);
    }

    @Override
    public MessageChannelListener listen(ConnectionSpec spec) {
        throw new IllegalArgumentException("cannot listen on '" + spec + "': inherited descriptors are connected");
    }
}
