// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// An interface of system calls (each returns a number not below 0, or `-errno`) of which some fail. What is called is
/// written down. Calls are counted per thread, so that a call has the same index in every run.
public final class FaultyCalls {

    /// The thread that armed the faults.
    public static final String CALLER = "caller";

    private static final long PAGE = 4096;

    /// What a call that fails has done all the same.
    public enum Effect {
        /// It never reached the kernel.
        NONE,
        /// It was done for the first half of its pages.
        HALF,
        /// It was done.
        DONE
    }

    /// A call that is to fail.
    ///
    /// @param thread [#CALLER], or the thread's name
    /// @param index which of the thread's calls since the faults were armed, from 0
    /// @param errno what it says
    /// @param effect what it does
    public record Fault(String thread, int index, int errno, Effect effect) {}

    /// A call that was made.
    ///
    /// @param thread [#CALLER], or the thread's name
    /// @param index which of the thread's calls since the faults were armed, from 0
    /// @param name the method
    /// @param args what it got
    /// @param note what it was about, if somebody wanted to know
    /// @param fault how it failed, if we made it fail
    public record Call(String thread, int index, String name, List<Object> args, String note, Optional<Fault> fault) {

        /// The first argument as a number: a descriptor or an address.
        public long target() {
            return ((Number) args.getFirst()).longValue();
        }

        /// The second argument as a number, of calls whose second is a length.
        public long lengthBytes() {
            return ((Number) args.get(1)).longValue();
        }

        boolean hasHalves() {
            return (name.equals("mprotect") || name.equals("madvise")) && lengthBytes() > PAGE;
        }

        @Override
        public String toString() {
            return thread + "#" + index + " " + name
                    + fault.map(f -> " !" + f.errno() + " " + f.effect()).orElse("");
        }
    }

    private final Object real;
    private final BiFunction<String, List<Object>, String> noter;
    private final List<Call> log = new ArrayList<>();
    private final Map<String, Integer> next = new HashMap<>();
    private List<Fault> faults = List.of();
    private Thread caller = Thread.currentThread();

    /// @param real what makes the calls that do not fail
    /// @param noter says what a call is about, before it is made: gets its name and what it got
    public FaultyCalls(Object real, BiFunction<String, List<Object>, String> noter) {
        this.real = real;
        this.noter = noter;
    }

    /// Forgets what was called; from now on calls of the calling thread are [#CALLER]'s.
    public synchronized void arm(List<Fault> planned) {
        log.clear();
        next.clear();
        faults = List.copyOf(planned);
        caller = Thread.currentThread();
    }

    /// No further call fails.
    ///
    /// @return what was called since the faults were armed
    public synchronized List<Call> disarm() {
        faults = List.of();
        return List.copyOf(log);
    }

    /// What was called since the faults were armed.
    public synchronized List<Call> calls() {
        return List.copyOf(log);
    }

    /// The calls as their interface.
    public <T> T as(Class<T> type) {
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> call(method, args));
        return type.cast(proxy);
    }

    private Object call(Method method, Object[] args) throws Throwable {
        Call call = note(method.getName(), args == null ? List.of() : List.of(args));
        if (call.fault().isEmpty()) {
            return make(method, args);
        }
        switch (call.fault().get().effect()) {
            case NONE -> {}
            case DONE -> make(method, args);
            case HALF -> {
                Object[] half = args.clone();
                half[1] = (call.lengthBytes() / PAGE / 2) * PAGE;
                make(method, half);
            }
        }
        return (long) -call.fault().get().errno();
    }

    private synchronized Call note(String name, List<Object> args) {
        Thread thread = Thread.currentThread();
        String who = thread == caller ? CALLER : thread.getName();
        int index = next.merge(who, 1, Integer::sum) - 1;
        Optional<Fault> fault = faults.stream()
                .filter(one -> one.index() == index && one.thread().equals(who))
                .findFirst();
        Call call = new Call(who, index, name, args, noter.apply(name, args), fault);
        log.add(call);
        return call;
    }

    private Object make(Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
