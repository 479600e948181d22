// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.invoke.MethodHandles.Lookup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;

/// An interface whose methods are functions: proxies that call them at the other end of a connection, and the functions
/// that call an implementation at this one. Made by [SpsBinder#bind]. Any thread.
///
/// ```java
/// interface Calculator {
///     long add(long left, long right);
///
///     @SpsMethod(fallible = true)
///     long divide(long left, long right);
///
///     CompletionStage<Long> addLater(long left, long right);
/// }
///
/// CALCULATOR.functions(Execution.DISPATCHED, new JavaCalculator()).forEach(setup::function); // in the executor
/// Calculator remote = CALCULATOR.proxy(RemoteFunction.in(control)); // in the controller
/// ```
///
/// **Failures.** A function whose arguments cannot be read answers so out of band. An
/// [org.orcrt.api.OrcException] that a method throws, or completes its stage with, travels as text: in the
/// result if the method is [SpsMethod#fallible], else out of band. Either way the proxy throws, or completes its
/// stage with, an [org.orcrt.api.CallException] of kind [org.orcrt.api.CallException#HANDLER_FAILED]. Whatever
/// else a method throws is a bug: the session reports it and answers for it. A result that a proxy cannot read is a
/// [org.orcrt.api.CallException] of kind [org.orcrt.api.CallException#KIND].
///
/// **Lifetimes.** A [java.lang.foreign.MemorySegment] in an argument is valid until the method returns, also if it
/// returns a stage. A method that waits cannot return one, because its reply is gone by then.
///
/// **Cost.** A call that waits takes no memory here unless its arguments or its result do; stages take some.
///
/// @param <T> the interface's type
public final class SpsInterface<T> {

    private final Class<T> type;
    private final List<MethodShape> methods;
    private final HiddenClass proxy;
    private final HiddenClass functions;

    SpsInterface(Lookup lookup, Class<T> type, List<MethodShape> methods, boolean strict) {
        this.type = type;
        this.methods = methods;
        proxy = ProxyClass.define(lookup, type, methods, strict);
        functions = FunctionsClass.define(lookup, type, methods, strict);
    }

    /// What the functions are called.
    ///
    /// @return their names, sorted
    public List<String> names() {
        return methods.stream().map(MethodShape::name).toList();
    }

    /// Makes a proxy. Its methods may be called from any thread.
    ///
    /// @param resolver finds each function by its name, once, now; see [RemoteFunction#in]
    /// @return an implementation whose methods call them
    public T proxy(Function<String, RemoteFunction> resolver) {
        return type.cast(proxy.make(
                methods.stream().map(method -> resolver.apply(method.name())).toArray()));
    }

    /// Makes the functions that call an implementation.
    ///
    /// @param execution where incoming calls run
    /// @param implementation is called on the threads that `execution` says, by as many at once as there are calls
    /// @return a function for each name, in the order of [#names]
    /// @throws IllegalArgumentException if they are to be leaves and one returns a stage: a leaf answers
    ///     before it returns
    public Map<String, WrapperFunction> functions(Execution execution, T implementation) {
        Map<String, WrapperFunction> byName = new LinkedHashMap<>();
        for (int k = 0; k < methods.size(); k++) {
            byName.put(methods.get(k).name(), function(execution, implementation, k));
        }
        return byName;
    }

    @SuppressWarnings("unchecked") // compiled for this method
    private WrapperFunction function(Execution execution, T implementation, int index) {
        MethodShape method = methods.get(index);
        Object body = functions.make(implementation, index);
        SpsCodec<?> staged = method.staged();
        return staged == null
                ? new TypedFunction(execution, method.form(), (SpsFunction.Body) body)
                : new StagedFunction<>(
                        execution, method.form(), (SpsFunction.StagedBody<Object>) body, (SpsCodec<Object>) staged);
    }
}
