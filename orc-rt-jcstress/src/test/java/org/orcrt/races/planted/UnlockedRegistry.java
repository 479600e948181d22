// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.WrapperFunction;
import org.orcrt.races.Planted;
import org.orcrt.races.Registry;

/// Planted: counts without a lock how often a function is bound, and fills a larger table while others look into it.
public final class UnlockedRegistry implements Registry {

    private static final int FULL = 12;

    private static final class Binding {
        private final long address;
        private int binds;

        Binding(long address) {
            this.address = address;
        }
    }

    private final Map<WrapperFunction, Binding> bindings = new IdentityHashMap<>();
    private volatile Map<Long, WrapperFunction> functions = new HashMap<>();
    private long nextAddress = 1;

    @Override
    public long bind(WrapperFunction function) {
        Binding binding = bindings.get(function);
        if (binding == null) {
            Planted.window();
            binding = new Binding(nextAddress++);
            bindings.put(function, binding);
        }
        int before = binding.binds;
        Planted.window();
        binding.binds = before + 1;
        if (functions.size() == FULL) {
            grow();
        }
        functions.put(binding.address, function);
        return binding.address;
    }

    private void grow() {
        Map<Long, WrapperFunction> before = functions;
        functions = new HashMap<>();
        Planted.window();
        functions.putAll(before);
    }

    @Override
    public void unbind(WrapperFunction function) {
        Binding binding = bindings.get(function);
        if (binding == null) {
            throw new IllegalStateException("the function is not bound: " + function);
        }
        if (--binding.binds == 0) {
            Planted.window();
            bindings.remove(function);
            functions.remove(binding.address);
        }
    }

    @Override
    public @Nullable WrapperFunction boundAt(long address) {
        return functions.get(address);
    }
}
