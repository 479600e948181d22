/// One abstract class per plug-in point, and one for its providers where they have rules of their own. A subclass says
/// how to make an implementation; JUnit finds the tests, which are sentences, each tagged with the rule of `docs/spec`
/// that it proves (`TD-3`). For a dispatcher:
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
/// The tests are package-private, so that no subclass overrides one by mistake. Where a rule leaves a choice (how many
/// threads, which options), a protected method asks for it. No test sleeps; every wait ends within [Patience]'s bound,
/// with a failed test. JUnit is all that the kit needs besides the API.
package org.orcrt.tck;
