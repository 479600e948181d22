// SPDX-License-Identifier: Apache-2.0
package org.orcrt.races;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.orcrt.core.DispatcherModel;
import org.orcrt.core.GateModel;
import org.orcrt.core.RegistryModel;
import org.orcrt.core.SessionModel;
import org.orcrt.wire.HandlersModel;
import org.orcrt.wire.PendingCallsModel;

/// What Lincheck checks: three threads of two operations each, in so many scenarios, each with so many interleavings.
public enum Model {

    /// Enter, leave, close.
    GATE(GateModel.Real.class, GateModel.WithBug.class, true),
    /// Add, answer, give up.
    PENDING_CALLS(PendingCallsModel.Real.class, PendingCallsModel.WithBug.class, true),
    /// Register, unregister, call.
    HANDLERS(HandlersModel.Real.class, HandlersModel.WithBug.class, true),
    /// Bind, unbind, look up.
    REGISTRY(RegistryModel.Real.class, RegistryModel.WithBug.class, true),
    /// Peer end, detach, shutdown, enter.
    SESSION(SessionModel.Real.class, SessionModel.WithBug.class, true),
    /// Dispatch, shutdown. By stress: the dispatcher makes threads, which the model checker does not steer.
    DISPATCHER(DispatcherModel.Real.class, DispatcherModel.WithBug.class, false);

    /// Parts of a session that have a model or no threads of their own: no switch of threads inside, which saves time.
    private static final String[] PROVEN = {
        "org.orcrt.core.Dispatchers", "org.orcrt.core.SessionParts", "org.orcrt.races.Heard"
    };

    private static final int THREADS = 3;
    private static final int OPERATIONS = 2;

    /// The scenarios are drawn, and not each of them can show the bug.
    private static final int PLANTED_SCENARIOS = 50;

    private static final int PLANTED_INTERLEAVINGS = 300;

    private final Class<?> real;
    private final Class<?> withBug;
    private final boolean steered;

    Model(Class<?> real, Class<?> withBug, boolean steered) {
        this.real = real;
        this.withBug = withBug;
        this.steered = steered;
    }

    /// Checks ours.
    ///
    /// @param scenarios how many
    /// @param interleavings of each scenario
    /// @throws LincheckAssertionError with the history, if one is not right
    public void check(int scenarios, int interleavings) {
        check(real, scenarios, interleavings);
    }

    /// Checks the copy with the bug, until it is found.
    ///
    /// @return whether the bug was found
    public boolean findsBug() {
        try {
            check(withBug, PLANTED_SCENARIOS, PLANTED_INTERLEAVINGS);
            return false;
        } catch (LincheckAssertionError found) {
            return true;
        }
    }

    private void check(Class<?> subject, int scenarios, int interleavings) {
        Options<?, ?> options = steered
                ? new ModelCheckingOptions()
                        .addGuarantee(forClasses(PROVEN).allMethods().treatAsAtomic())
                        .invocationsPerIteration(interleavings)
                : new StressOptions().invocationsPerIteration(interleavings);
        options.iterations(scenarios);
        options.threads(THREADS);
        options.actorsPerThread(OPERATIONS);
        options.minimizeFailedScenario(false);
        options.check(subject);
    }
}
