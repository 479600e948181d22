// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.tck.TaskLedger;

/// The child of [ThreadStarvationTest]: dispatches while the system makes no thread for it. It asks for the
/// next state by a line on its output, and goes on when it reads one.
///
/// A line of results is: what, accepted, ran, discarded; and whether each task was accounted for exactly
/// once.
final class StarvedProgram {

    private static final int TASKS = 8;

    private final TaskDispatcherProvider provider;
    private final BufferedReader in;
    private final PrintStream out;

    private StarvedProgram(TaskDispatcherProvider provider, BufferedReader in, PrintStream out) {
        this.provider = provider;
        this.in = in;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        TaskDispatcherProvider provider = ServiceLoader.load(TaskDispatcherProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.name().equals(args[0]))
                .findFirst()
                .orElseThrow();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new StarvedProgram(provider, in, System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        batch("plenty"); // whatever starts with the first task is there now
        TaskDispatcher blocked = open(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch door = new CountDownLatch(1);
        TaskLedger ledger = new TaskLedger(TASKS);
        boolean[] accepted = new boolean[TASKS];
        accepted[0] = blocked.dispatch(ledger.task(0, () -> {
            started.countDown();
            await(door);
        }));
        await(started);
        for (int k = 1; k < TASKS; k++) {
            accepted[k] = blocked.dispatch(ledger.task(k, () -> {}));
        }
        ask("starve");
        batch("starved");
        door.countDown();
        if (!settles(ledger, 5)) {
            feed(); // as in awaitOrFeed
            settles(ledger, 20);
        }
        result("queued", blocked, ledger, accepted);
        ask("feed");
        batch("fed");
    }

    private TaskDispatcher open(int maxRunning) {
        return provider.create(
                new DispatcherLimits(maxRunning, TASKS, 1 << 18), failure -> out.println("reported " + failure));
    }

    /// Dispatches a few tasks, which take their time so that each wants a thread of its own, and ends.
    private void batch(String what) throws IOException, InterruptedException {
        TaskDispatcher dispatcher = open(TASKS);
        TaskLedger ledger = new TaskLedger(TASKS);
        CountDownLatch ran = new CountDownLatch(TASKS);
        boolean[] accepted = new boolean[TASKS];
        for (int k = 0; k < TASKS; k++) {
            accepted[k] = dispatcher.dispatch(ledger.task(k, ran::countDown));
            if (!accepted[k]) {
                ran.countDown();
            }
        }
        awaitOrFeed(ran);
        result(what, dispatcher, ledger, accepted);
    }

    /// A virtual thread that was started runs when there is a carrier. The JDK may have let its carriers go,
    /// and make none while it is starved: then the task runs at the latest when the system makes threads again.
    private void awaitOrFeed(CountDownLatch ran) throws IOException, InterruptedException {
        if (!ran.await(5, TimeUnit.SECONDS)) {
            feed();
            await(ran);
        }
    }

    /// A carrier that could not be made is tried again only when the next virtual thread starts.
    private void feed() throws IOException {
        ask("feed");
        Thread.startVirtualThread(() -> {});
    }

    private void result(String what, TaskDispatcher dispatcher, TaskLedger ledger, boolean[] accepted) {
        boolean ended = dispatcher.shutdown(Duration.ofSeconds(20)).isEmpty();
        int yes = 0;
        int ran = 0;
        int discarded = 0;
        boolean once = true;
        for (int k = 0; k < TASKS; k++) {
            yes += accepted[k] ? 1 : 0;
            ran += ledger.runs(k);
            discarded += ledger.discards(k);
            once &= ledger.runs(k) + ledger.discards(k) == (accepted[k] ? 1 : 0);
        }
        out.printf("%s %d %d %d %s%n", what, yes, ran, discarded, once && ended ? "ok" : "LOST");
    }

    private static boolean settles(TaskLedger ledger, int seconds) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (settled(ledger) < TASKS) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    private static int settled(TaskLedger ledger) {
        int settled = 0;
        for (int k = 0; k < TASKS; k++) {
            settled += ledger.runs(k) + ledger.discards(k);
        }
        return settled;
    }

    private void ask(String what) throws IOException {
        out.println(what);
        out.flush();
        if (in.readLine() == null) {
            throw new IOException("the parent is gone");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited 20 s in vain");
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
