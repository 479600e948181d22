// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import org.orcrt.api.ResourceManager;
import org.orcrt.tck.ResourceManagerContract;

/// A memory map keeps the contract of resource managers.
class MemoryManagerContractTest extends ResourceManagerContract {

    private final MapFixture fixture = new MapFixture();

    @Override
    protected ResourceManager make() {
        fixture.page(fixture.map.reserve(MapFixture.PAGE));
        return fixture.map;
    }

    @Override
    protected boolean holdsAnything(ResourceManager manager) {
        return !fixture.calls.mapped().isEmpty();
    }
}
