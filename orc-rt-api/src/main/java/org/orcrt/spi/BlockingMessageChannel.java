// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

/// The doorbell of a medium on which a thread can block in the kernel until bytes come (a pipe, a socket). Such a
/// medium rings by itself for anything, so there is nothing to arm; what is left are two methods, neither of which
/// needs to know of the other's threads.
public abstract class BlockingMessageChannel implements MessageChannel {

    /// For subclasses.
    protected BlockingMessageChannel() {}

    /// Blocks until there is something to read, the peer is gone, [#interruptWait()] is called, or the time is over. An
    /// interrupt that came before the wait ends it at once.
    ///
    /// @param timeoutNs at most so long, in nanoseconds
    protected abstract void awaitReadable(long timeoutNs);

    /// Ends a wait of any thread, or the next one if none waits.
    protected abstract void interruptWait();

    @Override
    public final void arm(int level) {}

    @Override
    public final void raise() {}

    @Override
    public final void disarm() {}

    @Override
    public final void sleep(int level, long timeoutNs) {
        awaitReadable(timeoutNs);
    }

    @Override
    public final void sleepAsLeader(long timeoutNs) {
        awaitReadable(timeoutNs);
    }

    @Override
    public final void wakeReader() {
        interruptWait();
    }
}
