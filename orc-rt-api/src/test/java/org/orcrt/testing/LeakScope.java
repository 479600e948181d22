// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/// Fails a test that leaves something behind ([Held] says what counts): what is there before its instance is made is
/// compared with what is there when its last clean-up is done. The same is done for the class as a whole, for what
/// belongs to no single test. Found by JUnit itself in each module with our test jar on the class path.
public final class LeakScope
        implements BeforeAllCallback,
                TestInstancePreConstructCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback {

    /// The configuration parameter that shortens the grace, for the tests of this class.
    public static final String GRACE_MS = "orcrt.leaks.grace-ms";

    private static final int DEFAULT_GRACE_MS = 2000;
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(LeakScope.class);
    private static final String OF_CLASS = "class";
    private static final String OF_TEST = "test";

    /// The store of the class: what was found already is not told again for the class.
    private static final String TOLD = "told";

    /// For JUnit.
    public LeakScope() {}

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        store(context).put(OF_CLASS, Held.now());
        store(context).put(TOLD, new boolean[1]);
    }

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        // with one instance for all tests of a class this is the class's context, and each test begins later
        if (context.getTestMethod().isPresent()) {
            begin(context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean[] told = store(context).get(TOLD, boolean[].class);
        if (reasonToLeak(context).isPresent()) {
            told[0] = true;
            return;
        }
        told[0] |= context.getExecutionException().isPresent();
        try {
            check(context, OF_TEST);
        } catch (AssertionError leak) {
            told[0] = true;
            throw leak;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!store(context).get(TOLD, boolean[].class)[0]
                && reasonToLeak(context).isEmpty()) {
            check(context, OF_CLASS);
        }
    }

    /// Waits until nothing is left that was not there before.
    private static void check(ExtensionContext context, String which) {
        Held before = store(context).get(which, Held.class);
        int graceMs =
                context.getConfigurationParameter(GRACE_MS, Integer::valueOf).orElse(DEFAULT_GRACE_MS);
        boolean interrupted = Thread.interrupted();
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMs);
        List<String> left = Held.now().beyond(before);
        while (!left.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(PERIOD_NS);
            left = Held.now().beyond(before);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind after %d ms; end it in the test, or say @MayLeak and why:\n  %s"
                    .formatted(graceMs, String.join("\n  ", left)));
        }
    }

    private static void begin(ExtensionContext context) {
        ExtensionContext.Store store = store(context);
        if (store.get(OF_TEST) == null) {
            store.put(OF_TEST, Held.now());
        }
    }

    private static Optional<String> reasonToLeak(ExtensionContext context) {
        Optional<String> ofMethod = context.getTestMethod().flatMap(LeakScope::reasonAt);
        for (Class<?> at = context.getRequiredTestClass(); ofMethod.isEmpty() && at != null; ) {
            ofMethod = reasonAt(at);
            at = at.getEnclosingClass();
        }
        return ofMethod;
    }

    private static Optional<String> reasonAt(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(MayLeak.class)).map(MayLeak::value);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(OURS);
    }
}
