// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.OrcException;
import org.orcrt.api.TaskDispatcher;

/// What a session's owner hands in.
///
/// @param reporter takes failures that nobody waits for
/// @param onDisconnected hears of the end of the connection before the managers do; `null` sends a failure to the
///     reporter
/// @param dispatcher runs Java functions that are no leaves; owned by the session
record SessionHooks(
        ErrorReporter reporter, @Nullable Consumer<Optional<OrcException>> onDisconnected, TaskDispatcher dispatcher) {}
