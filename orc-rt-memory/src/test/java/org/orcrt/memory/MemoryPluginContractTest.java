// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import java.util.Map;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.ExecutorPluginContract;

/// The plug-in of the memory maps keeps the contract of plug-ins.
class MemoryPluginContractTest extends ExecutorPluginContract {

    @Override
    protected ExecutorPlugin plugin() {
        return new MemoryPlugin();
    }

    @Override
    protected WrapperFunctionLinker linker() {
        return new FfmLinker();
    }

    @Override
    protected Map<String, String> wrongOptions() {
        return Map.of("memory.allow-write-execute", "maybe");
    }
}
