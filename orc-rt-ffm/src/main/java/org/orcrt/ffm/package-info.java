/// Native calls, and nothing else: no policy, no state of a session.
///
/// Start-up matters here, because every FFM *shape* costs milliseconds once: all downcalls share one all-integer shape
/// ([NativeFunctions]), all upcalls share one stub behind small machine-code thunks ([StubPool]), and system calls are
/// machine-code thunks that return `-errno` ([SystemCalls]). Where executable memory is refused or the processor is
/// another one, plain FFM does the same with more shapes.
///
/// Addresses are raw `long`s. [NativeMemory#ALL] lets code read and write any address as an offset, without making a
/// segment per access.
package org.orcrt.ffm;
