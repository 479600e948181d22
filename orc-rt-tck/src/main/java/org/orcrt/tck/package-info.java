/// One abstract class per plug-in point. A subclass says how to make an implementation; JUnit finds the tests, which
/// are sentences, each tagged with the rule of `docs/spec` that it proves (`TD-3`). For a dispatcher:
///
/// ```java
/// class MyDispatcherTest extends QueuedTaskDispatcherContract {
///
///     @Override
///     protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
///         return new MyDispatcher(limits, reporter);
///     }
/// }
/// ```
///
/// What cannot be skipped is not for a subclass to override: the tests are package-private. Where a rule leaves a
/// choice (whether a dispatcher queues, whether memory may be writable and executable), a protected method asks for
/// it. No test sleeps; every wait ends after [Patience], with a failed test.
package org.orcrt.tck;
