// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import org.orcrt.api.ErrorReporter;
import org.orcrt.spi.DispatcherLimits;

/// Runs each task on a virtual thread of its own. For Java tasks that wait a lot; the stack's size in the
/// limits has no meaning here.
///
/// No native function may run on it: native code pins the carrier, so that a few calls that wait hold up
/// all virtual threads of the process, its stack is the carrier's, and its thread-local data would be the
/// next task's.
final class VirtualThreadTaskDispatcher extends FreshThreadDispatcher {

    VirtualThreadTaskDispatcher(DispatcherLimits limits, ErrorReporter reporter) {
        super(limits, reporter);
    }

    @Override
    Thread made(long number, Runnable work) {
        return Thread.ofVirtual()
                .name("orc-virtual-" + number)
                .inheritInheritableThreadLocals(false)
                .unstarted(work);
    }
}
