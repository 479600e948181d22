// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import org.orcrt.spi.WrapperFunctionLinker;
import org.orcrt.tck.NativeLinkerContract;

/// The linker over FFM keeps the contract of linkers that call native code.
class FfmLinkerContractTest extends NativeLinkerContract {

    @Override
    protected WrapperFunctionLinker linker() {
        return new FfmLinker();
    }
}
