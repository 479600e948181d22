// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeId;

/// Takes what a plug-in adds to one session. A name that is already there with another address is an error
/// that names both plug-ins. With an LLVM controller, JIT'd code links against every name of a function or a
/// symbol; such a name comes before the same name in a library of the process.
public interface ExecutorSetup {

    /// The session that is being set up. It has no controller yet; plug-ins keep it for later.
    ///
    /// @return the session
    Session session();

    /// What native code calls the session: the first argument of wrapper functions of the asynchronous form. A name
    /// and no place in memory; no two sessions of a process have the same.
    ///
    /// @return an address that nothing lies at
    ExecutorAddress sessionAddress();

    /// What the controller is told of this process.
    ///
    /// @return triple and page size
    ProcessInfo processInfo();

    /// The process-wide linker.
    ///
    /// @return what joins Java and native functions
    WrapperFunctionLinker linker();

    /// Which rules the controller follows.
    ///
    /// @return `true` for LLVM's own tools
    boolean isLlvmPeer();

    /// An option of the session.
    ///
    /// @param name for example `memory.allow-write-execute`
    /// @return its value, or empty
    Optional<String> option(String name);

    /// Publishes a Java wrapper function under a name. It stays bound until the session ends.
    ///
    /// @param name what the controller looks up
    /// @param function the function
    /// @return its address
    ExecutorAddress function(String name, WrapperFunction function);

    /// Publishes a Java wrapper function under a name, at an address that C code calls in the asynchronous form
    /// ([CallingConvention#ASYNC]): the function may answer later and from another thread. It stays bound until the
    /// session ends.
    ///
    /// @param name what the controller looks up, and C code links against
    /// @param function the function
    /// @return its address
    ExecutorAddress asyncFunction(String name, WrapperFunction function);

    /// Publishes a native wrapper function of the asynchronous form ([CallingConvention#ASYNC]) under a
    /// name. Calls of the controller to this address are made in that form; all others are made in the
    /// synchronous one.
    ///
    /// @param name what the controller looks up
    /// @param address the function; not null
    void asyncFunction(String name, ExecutorAddress address);

    /// Publishes a Java function with a C signature under a name: C code calls it as `name(...)`, without a
    /// controller. It runs on the thread that calls it, which may be any thread of the process, and whatever
    /// it throws stops there: the session's reporter hears of it, and C gets 0, 0.0, `NULL`, or a struct of
    /// zeros.
    ///
    /// The address stays valid until the session ends; the machine code behind it stays for ever, and returns
    /// zeros after that. The address is no wrapper function: a controller must not call it.
    ///
    /// @param name what C code links against
    /// @param target the function; its type is `signature.toMethodType()`
    /// @param signature its C signature, in the layouts of [java.lang.foreign.Linker]; not variadic
    /// @return its address
    /// @throws IllegalArgumentException if the target has another type, or C has no such signature
    /// @throws org.orcrt.api.SessionException if the process has no linker for native code
    ExecutorAddress cFunction(String name, MethodHandle target, FunctionDescriptor signature);

    /// Publishes an address under a name.
    ///
    /// @param name what the controller looks up
    /// @param address the address
    void symbol(String name, ExecutorAddress address);

    /// Publishes the address of another name once all plug-ins are installed.
    ///
    /// @param name what the controller looks up
    /// @param target a name that some plug-in publishes; if none does, `name` is not published either
    void alias(String name, String target);

    /// Publishes bytes under a name.
    ///
    /// @param name what the controller looks up
    /// @param bytes the value; owned by the session from now on
    void value(String name, byte[] bytes);

    /// Tells the controller of a kind before something of it comes: an error, or a [org.orcrt.api.Handle].
    /// The kinds of [org.orcrt.api.OrcException] are told anyway, and an LLVM controller is told none.
    ///
    /// @param kind told with all its parents
    /// @throws org.orcrt.api.SessionException if the name has other parents already
    void kind(TypeId kind);

    /// Adds a resource manager to the session.
    ///
    /// @param manager owned by the session from now on
    void resource(ResourceManager manager);

    /// Waits until the system has ended the threads of calls that have been answered: they may still run
    /// destructors of thread-local data, which are JIT'd code. Whoever is about to give back memory of such
    /// code for the controller calls this first. Waits for at most a second; then the session's reporter
    /// hears which threads are left. From any thread at any time, also from inside a call, which does not
    /// wait for itself.
    void awaitCallThreads();

    /// Makes a dispatcher for tasks that run foreign code: each gets a platform thread made for it, never
    /// used again, with the stack of a call. As many run at once as calls of the controller do, but these
    /// are counted apart: a call may wait for such a task. Shut down with the session.
    ///
    /// @param maxQueued how many more tasks wait for a thread
    /// @return the dispatcher
    TaskDispatcher ownThreads(int maxQueued);

    /// Adds something that goes around every call that runs on a thread of its own. Later ones go outside.
    ///
    /// @param interceptor told of each such call on the call's own thread
    void interceptor(CallInterceptor interceptor);
}
