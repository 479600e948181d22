// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.tck.ControllerAccessProviderContract;

/// The in-process way keeps the contract of providers.
class InProcessProviderContractTest extends ControllerAccessProviderContract {

    @Override
    protected ControllerAccessProvider provider() {
        return new InProcess();
    }

    @Override
    protected String specOfNobody() {
        return "inproc:nobody-comes-here";
    }
}
