// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

/// Owns something that JIT'd code uses: memory, registrations, libraries. Owned by the session, in order of addition;
/// both callbacks come in the reverse order. (Upstream has renamed this to *Service*.)
public interface ResourceManager {

    /// The controller is gone for good. Exactly once, before [#shutdown()], also if no controller was ever attached.
    /// JIT'd code may still be running and goes on running: resources stay.
    void detach();

    /// The session ends: give everything back. Exactly once; no JIT'd code of the session runs any more.
    void shutdown();
}
