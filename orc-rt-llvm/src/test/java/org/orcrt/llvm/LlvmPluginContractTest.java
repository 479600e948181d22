// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import org.orcrt.ffm.FfmLinker;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.ExecutorPluginContract;

/// The plug-in of the LLVM services keeps the contract of plug-ins.
class LlvmPluginContractTest extends ExecutorPluginContract {

    @Override
    protected ExecutorPlugin plugin() {
        return new LlvmPlugin();
    }

    @Override
    protected WrapperFunctionLinker linker() {
        return new FfmLinker();
    }
}
