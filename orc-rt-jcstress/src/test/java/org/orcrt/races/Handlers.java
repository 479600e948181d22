// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

/// What the races ask of the handlers that a controller has registered.
public interface Handlers {

    /// Lets a tag be called.
    ///
    /// @param tag which
    /// @param handler what runs
    /// @return `false` if the tag has a handler already
    boolean register(long tag, Runnable handler);

    /// Takes a tag back; nobody is in its handler when this returns.
    void unregister(long tag);

    /// Calls a tag.
    ///
    /// @return whether its handler ran; `false` if the call was refused
    boolean call(long tag);
}
