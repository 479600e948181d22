// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.Session;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;

/// A session of this process and its controller, with all plug-ins and one of the test's.
final class NativeSession implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    final List<Throwable> reports = new CopyOnWriteArrayList<>();
    final Session session;
    final ExecutorProcessControl controller;

    /// @param install what the test's plug-in does
    NativeSession(Consumer<ExecutorSetup> install) {
        InProcessPair pair = InProcessPair.create(reports::add);
        session = Sessions.builder()
                .errorReporter(reports::add)
                .plugin(new Plugin(install))
                .attach(pair.access());
        controller = pair.control();
    }

    /// The address that a plug-in published under a name.
    long address(String name) {
        ExecutorAddress address = session.bootstrapInfo().symbols().get(name);
        assertThat(address).as(name).isNotNull();
        return address.value();
    }

    CompletableFuture<byte[]> call(long address, byte[] args) {
        return controller
                .callWrapperAsync(new ExecutorAddress(address), args, LONG)
                .toCompletableFuture();
    }

    @Override
    public void close() {
        session.close();
        assertThat(reports).isEmpty();
    }

    private record Plugin(Consumer<ExecutorSetup> onInstall) implements ExecutorPlugin {
        @Override
        public String name() {
            return "native-calls-test";
        }

        @Override
        public void install(ExecutorSetup setup) {
            onInstall.accept(setup);
        }
    }
}
