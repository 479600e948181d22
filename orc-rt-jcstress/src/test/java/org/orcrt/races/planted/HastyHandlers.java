// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races.planted;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.orcrt.races.Handlers;
import org.orcrt.races.Planted;

/// Planted: looks whether a tag is free and takes it then, and takes a handler back without asking who is in it.
public final class HastyHandlers implements Handlers {

    private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();

    @Override
    public boolean register(long tag, Runnable handler) {
        if (handlers.containsKey(tag)) {
            return false;
        }
        Planted.window();
        handlers.put(tag, handler);
        return true;
    }

    @Override
    public void unregister(long tag) {
        handlers.remove(tag);
    }

    @Override
    public boolean call(long tag) {
        Runnable handler = handlers.get(tag);
        Planted.window();
        if (handler == null) {
            return false;
        }
        handler.run();
        return true;
    }
}
