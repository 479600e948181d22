// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperFunction;
import org.orcrt.races.Registry;

/// Our linker without native code as the races see it.
final class RealRegistry implements Registry {

    private final JavaOnlyLinker linker = new JavaOnlyLinker();

    @Override
    public long bind(WrapperFunction function) {
        return linker.bind(function).value();
    }

    @Override
    public void unbind(WrapperFunction function) {
        linker.unbind(function);
    }

    @Override
    public @Nullable WrapperFunction boundAt(long address) {
        return linker.boundAt(address);
    }
}
