// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.junit.jupiter.api.Nested;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.tck.TaskDispatcherProviderContract;

/// Our five providers of dispatchers keep the contract.
class DispatcherProvidersContractTest {

    @Nested
    class OfThreadPool extends TaskDispatcherProviderContract {
        @Override
        protected TaskDispatcherProvider provider() {
            return new DispatcherProviders.ThreadPool();
        }
    }

    @Nested
    class OfThreadPerCall extends TaskDispatcherProviderContract {
        @Override
        protected TaskDispatcherProvider provider() {
            return new DispatcherProviders.ThreadPerCall();
        }
    }

    @Nested
    class OfVirtualThread extends TaskDispatcherProviderContract {
        @Override
        protected TaskDispatcherProvider provider() {
            return new DispatcherProviders.VirtualThread();
        }
    }

    @Nested
    class OfQueueing extends TaskDispatcherProviderContract {
        @Override
        protected TaskDispatcherProvider provider() {
            return new DispatcherProviders.Queueing();
        }
    }

    @Nested
    class OfInline extends TaskDispatcherProviderContract {
        @Override
        protected TaskDispatcherProvider provider() {
            return new DispatcherProviders.Inline();
        }
    }
}
