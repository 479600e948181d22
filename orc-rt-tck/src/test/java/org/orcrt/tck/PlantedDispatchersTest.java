// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.Task;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.spi.DispatcherLimits;

/// The contract of dispatchers notices what it is for: each dispatcher here breaks one rule.
class PlantedDispatchersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TD-1", "TD-2", "TD-3", "TD-4", "TD-5", "TD-6", "TD-7", "TD-8", "TD-9", "TD-10", "TD-15", "TD-18",
                "TD-19"
            })
    void the_dispatcher_that_the_broken_ones_extend_keeps_the_rule(String rule) {
        Planted.passes(Sound.class, rule);
    }

    @Test
    void a_dispatcher_that_loses_every_tenth_task_is_caught() {
        Planted.isCaught(LosesTasks.class, "TD-1");
    }

    @Test
    void a_dispatcher_that_runs_a_task_twice_is_caught() {
        Planted.isCaught(RunsTwice.class, "TD-1");
    }

    @Test
    void a_dispatcher_that_discards_what_it_refuses_is_caught() {
        Planted.isCaught(DiscardsRefused.class, "TD-2");
    }

    @Test
    void a_dispatcher_that_runs_one_more_at_once_is_caught() {
        Planted.isCaught(OneTooMany.class, "TD-3");
    }

    @Test
    void a_dispatcher_that_runs_one_at_a_time_whatever_its_bound_is_caught() {
        Planted.isCaught(OneAtATime.class, "TD-4");
    }

    @Test
    void a_dispatcher_that_runs_the_last_one_first_is_caught() {
        Planted.isCaught(LastInFirstOut.class, "TD-6");
    }

    @Test
    void a_dispatcher_that_takes_tasks_after_its_end_is_caught() {
        Planted.isCaught(NeverRefuses.class, "TD-7");
    }

    @Test
    void a_dispatcher_that_does_not_wait_for_running_tasks_is_caught() {
        Planted.isCaught(HastyEnd.class, "TD-8");
        Planted.isCaught(HastyEnd.class, "TD-10");
    }

    @Test
    void a_dispatcher_that_runs_what_waits_at_the_end_is_caught() {
        Planted.isCaught(RunsAtTheEnd.class, "TD-9");
    }

    @Test
    void a_dispatcher_whose_workers_die_of_what_a_task_throws_is_caught() {
        Planted.isCaught(DiesOfErrors.class, "TD-15");
    }

    @Test
    void a_dispatcher_that_claims_every_thread_is_caught() {
        Planted.isCaught(ClaimsAll.class, "TD-18");
    }

    @Test
    void a_dispatcher_that_keeps_what_it_gave_away_is_caught() {
        Planted.isCaught(KeepsTaken.class, "TD-19");
    }

    /// A small dispatcher, right as far as the rules above go, with a place for each mistake.
    static class Small implements TaskDispatcher {

        final Deque<Task> queue = new LinkedBlockingDeque<>();
        private final List<Thread> inside = new ArrayList<>();
        private final ErrorReporter reporter;
        private final int maxRunning;
        private final int maxQueued;
        private int workers;
        boolean shutDown;

        Small(DispatcherLimits limits, ErrorReporter reporter) {
            this.reporter = reporter;
            this.maxRunning = limits.maxRunning();
            this.maxQueued = limits.maxQueued();
        }

        @Override
        public synchronized boolean dispatch(Task task) {
            if (shutDown || (workers == maxRunning && queue.size() >= maxQueued)) {
                return false;
            }
            queue.add(task);
            if (workers < maxRunning) {
                workers++;
                Thread.ofPlatform().daemon().start(this::work);
            }
            return true;
        }

        synchronized Task next() {
            Task task = queue.poll();
            if (task == null) {
                workers--;
            } else {
                inside.add(Thread.currentThread());
            }
            return task;
        }

        private void work() {
            for (Task task = next(); task != null; task = next()) {
                try {
                    run(task);
                } catch (Throwable thrown) {
                    onThrown(thrown);
                }
                synchronized (this) {
                    inside.remove(Thread.currentThread());
                    notifyAll();
                }
            }
        }

        void run(Task task) {
            task.run();
        }

        void onThrown(Throwable thrown) {
            reporter.report(thrown);
        }

        @Override
        public synchronized Task takeQueued() {
            return queue.poll();
        }

        @Override
        public synchronized boolean runsOn(Thread thread) {
            return inside.contains(thread);
        }

        void giveUp(Task task) {
            task.discard();
        }

        @Override
        public synchronized List<String> shutdown(Duration bound) {
            shutDown = true;
            for (Task task = queue.poll(); task != null; task = queue.poll()) {
                giveUp(task);
            }
            long deadlineNs = System.nanoTime() + bound.toNanos();
            try {
                while (others() > 0 && deadlineNs > System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, deadlineNs - System.nanoTime());
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return inside.stream()
                    .filter(thread -> thread != Thread.currentThread())
                    .map(thread -> thread.getName() + List.of(thread.getStackTrace()))
                    .toList();
        }

        private long others() {
            return inside.stream()
                    .filter(thread -> thread != Thread.currentThread())
                    .count();
        }
    }

    static class Sound extends QueuedTaskDispatcherContract {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter);
        }

        @Override
        protected int floodTasks() {
            return 1000;
        }
    }

    static class LosesTasks extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                private int count;

                @Override
                public synchronized boolean dispatch(Task task) {
                    return (!shutDown && ++count % 10 == 0) || super.dispatch(task);
                }
            };
        }
    }

    static class RunsTwice extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                void run(Task task) {
                    task.run();
                    task.run();
                }
            };
        }
    }

    static class DiscardsRefused extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                public boolean dispatch(Task task) {
                    boolean accepted = super.dispatch(task);
                    if (!accepted) {
                        task.discard();
                    }
                    return accepted;
                }
            };
        }
    }

    static class OneTooMany extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(new DispatcherLimits(limits.maxRunning() + 1, limits.maxQueued(), 0), reporter);
        }
    }

    static class OneAtATime extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(new DispatcherLimits(1, limits.maxQueued() + limits.maxRunning(), 0), reporter);
        }
    }

    static class LastInFirstOut extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                synchronized Task next() {
                    Task last = queue.pollLast();
                    if (last != null) {
                        queue.addFirst(last);
                    }
                    return super.next();
                }
            };
        }
    }

    static class NeverRefuses extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                public synchronized boolean dispatch(Task task) {
                    boolean before = shutDown;
                    shutDown = false;
                    boolean accepted = super.dispatch(task);
                    shutDown = before;
                    return accepted;
                }
            };
        }
    }

    static class HastyEnd extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                public synchronized List<String> shutdown(Duration bound) {
                    super.shutdown(Duration.ZERO);
                    return List.of();
                }
            };
        }
    }

    static class RunsAtTheEnd extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                void giveUp(Task task) {
                    task.run();
                }
            };
        }
    }

    static class DiesOfErrors extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                void onThrown(Throwable thrown) {
                    super.onThrown(thrown);
                    throw new IllegalStateException("planted: the worker dies");
                }
            };
        }
    }

    static class ClaimsAll extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                public synchronized boolean runsOn(Thread thread) {
                    return true;
                }
            };
        }
    }

    static class KeepsTaken extends Sound {
        @Override
        protected TaskDispatcher make(DispatcherLimits limits, ErrorReporter reporter) {
            return new Small(limits, reporter) {
                @Override
                public synchronized Task takeQueued() {
                    return queue.peek();
                }
            };
        }
    }
}
