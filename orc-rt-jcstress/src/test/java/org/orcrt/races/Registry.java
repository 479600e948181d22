// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperFunction;

/// What the races ask of a linker: functions have addresses while they are bound, and may be bound more than once.
public interface Registry {

    /// As of a linker.
    long bind(WrapperFunction function);

    /// As of a linker.
    void unbind(WrapperFunction function);

    /// As of a linker.
    @Nullable WrapperFunction boundAt(long address);
}
