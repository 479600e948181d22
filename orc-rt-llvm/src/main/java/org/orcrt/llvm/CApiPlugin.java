// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;

/// Publishes the functions of orc-rt's C interface that code in the executor calls by name, whoever the controller is.
public final class CApiPlugin implements ExecutorPlugin {

    /// What native code hands to functions that want a session.
    static final String SESSION_INSTANCE = "orc_rt_Session_Instance";

    /// Calls a handler of the controller.
    static final String CALL_CONTROLLER = "orc_rt_Session_callController";

    /// For the service loader.
    public CApiPlugin() {}

    @Override
    public String name() {
        return "c-api";
    }

    @Override
    public void install(ExecutorSetup setup) {
        setup.resource(new ControllerCalls(setup));
        setup.symbol(SESSION_INSTANCE, setup.sessionAddress());
        setup.symbol(CALL_CONTROLLER, ControllerCalls.function());
    }
}
