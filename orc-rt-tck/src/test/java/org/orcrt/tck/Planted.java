// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Runs a contract on an implementation, with little patience: nothing that works here takes long.
final class Planted {

    private static final String PATIENCE_MS = "1500";
    private static final String ROUNDS = "300";

    private Planted() {}

    /// Expects that at least one test that carries the rule's number fails.
    static void isCaught(Class<?> subclass, String rule) {
        TestExecutionSummary summary = run(subclass, rule);
        assertThat(summary.getTestsFoundCount()).as("tests of " + rule).isPositive();
        assertThat(summary.getTestsFailedCount())
                .as("failed tests of %s on %s", rule, subclass.getSimpleName())
                .isPositive();
    }

    /// Expects that all tests that carry the rule's number pass: what fails above fails because of what was planted.
    static void passes(Class<?> subclass, String rule) {
        TestExecutionSummary summary = run(subclass, rule);
        assertThat(summary.getTestsFoundCount()).as("tests of " + rule).isPositive();
        assertThat(summary.getFailures())
                .extracting(TestExecutionSummary.Failure::getException)
                .isEmpty();
    }

    private static TestExecutionSummary run(Class<?> subclass, String rule) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(subclass))
                .filters(TagFilter.includeTags(rule))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        System.setProperty("orcrt.tck.patienceMs", PATIENCE_MS);
        System.setProperty("orcrt.interleavings", ROUNDS);
        try {
            LauncherFactory.create().execute(request, listener);
        } finally {
            System.clearProperty("orcrt.tck.patienceMs");
            System.clearProperty("orcrt.interleavings");
        }
        return listener.getSummary();
    }
}
