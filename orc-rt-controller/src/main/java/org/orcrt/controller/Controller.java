// SPDX-License-Identifier: Apache-2.0
package org.orcrt.controller;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.type.TypeTable;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.sps.SpsReader;
import org.orcrt.wire.ControllerConnection;
import org.orcrt.wire.Llvm22;
import org.orcrt.wire.Ours;
import org.orcrt.wire.Service;
import org.orcrt.wire.Transports;
import org.orcrt.wire.TypeTables;

/// A controller of one executor: fills its memory, looks its symbols up, runs its code, answers its calls. The executor
/// may be one of ours, in another process or in this one, or LLVM's `llvm-jitlink-executor`.
///
/// ```java
/// try (Controller controller = Controller.builder().connect(ConnectionSpec.parse("unix:///run/me/executor"))) {
///     ExecutorAddress slab = controller.memory().reserve(4096);
///     controller.memory().initialize(new InitializeRequest(List.of(code), List.of()));
///     long answer = controller.runAsMain(slab, List.of("program"));
///     controller.memory().release(List.of(slab));
/// }
/// ```
///
/// Any thread, but what waits must not be called on the thread that delivers calls and results.
public final class Controller implements AutoCloseable {

    private final ExecutorProcessControl control;
    private final TypeTable kinds;
    private final ServiceCalls calls;
    private final RemoteMemory memory;
    private final RemoteLibraries libraries;

    private Controller(ExecutorProcessControl control, Duration timeout) {
        this.control = control;
        this.kinds = TypeTables.read(control.bootstrapInfo());
        this.calls = new ServiceCalls(control, timeout);
        this.memory = new RemoteMemory(calls);
        this.libraries = new RemoteLibraries(calls);
    }

    /// Begins to make a controller.
    ///
    /// @return a builder
    public static Builder builder() {
        return new Builder();
    }

    /// The connection: calls by address, handlers by tag, what the executor said first.
    ///
    /// @return the connection, which ends with this controller
    public ExecutorProcessControl control() {
        return control;
    }

    /// The kinds of which the executor may send something: where a kind comes as a name alone, this is what
    /// lies above it.
    ///
    /// @return what it told first, and the kinds of errors that are known here; these alone if it is LLVM's
    ///     executor
    public TypeTable kinds() {
        return kinds;
    }

    /// The executor's memory.
    ///
    /// @return its operations
    public RemoteMemory memory() {
        return memory;
    }

    /// The executor's libraries and their symbols.
    ///
    /// @return its operations
    public RemoteLibraries libraries() {
        return libraries;
    }

    /// Finds a function that the executor, or a plug-in of it, published.
    ///
    /// @param name its name
    /// @return its address, for [ExecutorProcessControl#callWrapper]
    /// @throws IllegalArgumentException if there is none
    public ExecutorAddress published(String name) {
        ExecutorAddress address = control.bootstrapInfo().symbols().get(name);
        if (address == null) {
            throw new IllegalArgumentException("the executor publishes nothing named '" + name + "'; is the plug-in "
                    + "that does on its module path?");
        }
        return address;
    }

    /// Calls a wrapper function and waits for its answer, at most as long as this controller's timeout.
    ///
    /// @param function its address
    /// @param args its argument bytes
    /// @return its result
    /// @throws org.orcrt.api.CallException if there is no answer, or it is an error
    public byte[] call(ExecutorAddress function, byte[] args) {
        return calls.call(function, args);
    }

    /// Runs `int main(int argc, char *argv[])` and waits for its end, at most as long as this controller's timeout.
    ///
    /// @param main its address
    /// @param args `argv`; the first is the program's name
    /// @return what it returned
    /// @throws org.orcrt.api.CallException if it did not come to its end
    public long runAsMain(ExecutorAddress main, List<String> args) {
        return calls.call(
                Service.RUN_AS_MAIN,
                writer -> {
                    writer.address(main).count(args.size());
                    args.forEach(writer::text);
                },
                SpsReader::readU64);
    }

    /// Ends the connection. The executor's session goes on, without a controller, or ends, as its owner decided.
    @Override
    public void close() {
        control.close();
    }

    /// Says what a controller needs, and reaches its executor.
    public static final class Builder {

        private static final int MAX_IN_FLIGHT = 4096;

        private final Map<HandlerTag, WrapperFunction> handlers = new LinkedHashMap<>();
        private Duration timeout = Duration.ofSeconds(30);
        private int maxInFlight = MAX_IN_FLIGHT;
        private @Nullable TaskDispatcher dispatcher;
        private ErrorReporter reporter = failure ->
                System.getLogger("org.orcrt").log(System.Logger.Level.ERROR, "failure that nobody waits for", failure);

        private Builder() {}

        /// Lets the executor call a handler, from its first call on.
        ///
        /// @param tag an address in the executor, or any number, used as an identity
        /// @param handler what is called
        /// @return this builder
        public Builder handler(HandlerTag tag, WrapperFunction handler) {
            if (handlers.putIfAbsent(tag, handler) != null) {
                throw new IllegalArgumentException("handler: " + tag + " has a handler already");
            }
            return this;
        }

        /// Has a dispatcher run handlers that are no leaves, so that they may wait for the executor. Without
        /// one they run on the thread that reads, and must not wait.
        ///
        /// @param newDispatcher owned by the caller, who shuts it down after the controller
        /// @return this builder
        public Builder dispatcher(TaskDispatcher newDispatcher) {
            dispatcher = newDispatcher;
            return this;
        }

        /// Bounds what the controller waits for; 30 seconds unless told otherwise.
        ///
        /// @param newTimeout for reaching the executor, and for each call that a [Controller] makes by itself
        /// @return this builder
        public Builder timeout(Duration newTimeout) {
            if (newTimeout.isNegative() || newTimeout.isZero()) {
                throw new IllegalArgumentException("a timeout of " + newTimeout + "; it must be above 0");
            }
            timeout = newTimeout;
            return this;
        }

        /// Bounds the calls that wait for their answer, in each direction; 4096 unless told otherwise.
        ///
        /// @param newMaxInFlight a power of two
        /// @return this builder
        public Builder maxInFlight(int newMaxInFlight) {
            if (newMaxInFlight < 1 || Integer.bitCount(newMaxInFlight) != 1) {
                throw new IllegalArgumentException("maxInFlight is not a power of two: " + newMaxInFlight);
            }
            maxInFlight = newMaxInFlight;
            return this;
        }

        /// Says where failures go that nobody waits for; a logger of the platform unless told otherwise.
        ///
        /// @param newReporter called from many threads
        /// @return this builder
        public Builder errorReporter(ErrorReporter newReporter) {
            reporter = newReporter;
            return this;
        }

        /// Reaches an executor that waits for its controller.
        ///
        /// @param spec where it is; `peer=llvm` for LLVM's own
        /// @return the controller; to be closed by the caller
        /// @throws IOException if it cannot be reached, or does not say who it is
        /// @throws org.orcrt.api.TransportException if there is no such transport
        public Controller connect(ConnectionSpec spec) throws IOException {
            return attach(Transports.forSpec(spec, reporter).connect(spec, timeout), spec.isLlvmPeer());
        }

        /// Takes one executor that comes to a listener.
        ///
        /// @param listener where it comes to; stays the caller's
        /// @return the controller; to be closed by the caller
        /// @throws IOException if none comes in time, or it does not say who it is
        public Controller accept(MessageChannelListener listener) throws IOException {
            return attach(listener.accept(timeout), listener.spec().isLlvmPeer());
        }

        /// Begins to listen for executors.
        ///
        /// @param spec where
        /// @return a listener for [#accept]; to be closed by the caller
        /// @throws IOException if the place is taken
        /// @throws org.orcrt.api.TransportException if there is no such transport
        public MessageChannelListener listen(ConnectionSpec spec) throws IOException {
            return Transports.forSpec(spec, reporter).listen(spec);
        }

        /// Takes a connection that is there already, for example one end of an in-process pair.
        ///
        /// @param control attached; owned by the controller from now on
        /// @return the controller; to be closed by the caller
        public Controller over(ExecutorProcessControl control) {
            try {
                handlers.forEach(control::registerHandler);
                return new Controller(control, timeout);
            } catch (RuntimeException | Error failure) {
                control.close();
                throw failure;
            }
        }

        private Controller attach(MessageChannel channel, boolean llvmPeer) throws IOException {
            ControllerConnection connection = new ControllerConnection(
                    channel, llvmPeer ? Llvm22.DIALECT : Ours.DIALECT, maxInFlight, dispatcher, reporter);
            try {
                handlers.forEach(connection::registerHandler); // before the executor's first call
                connection.attach(timeout);
                return new Controller(connection, timeout);
            } catch (IOException | RuntimeException | Error failure) {
                connection.disconnect();
                throw failure;
            }
        }
    }
}
