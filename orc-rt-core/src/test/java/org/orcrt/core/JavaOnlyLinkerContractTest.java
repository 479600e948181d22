// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.WrapperFunctionLinkerContract;

/// The linker without native code keeps the contract of linkers.
class JavaOnlyLinkerContractTest extends WrapperFunctionLinkerContract {

    private final JavaOnlyLinker linker = new JavaOnlyLinker();

    @Override
    protected WrapperFunctionLinker linker() {
        return linker;
    }
}
