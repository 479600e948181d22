// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;
import org.orcrt.api.TaskDispatcher;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.ControllerAccessProvider;
import org.orcrt.spi.DispatcherLimits;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;
import org.orcrt.spi.MessageChannelProvider;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.ResourceManagerProvider;
import org.orcrt.spi.TaskDispatcherProvider;
import org.orcrt.spi.WrapperFunctionLinker;

/// Plug-ins of a third party: each does what its [PluginPath] says. No two of them share code, because each is
/// loaded on its own.
@SuppressWarnings("missing-explicit-ctor")
public final class PluginScripts {

    private PluginScripts() {}

    public static final class Plugin implements ExecutorPlugin {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Optional<String> unavailable() {
            return PluginPath.of(this).pluginUnavailable;
        }

        @Override
        public void install(ExecutorSetup setup) {
            PluginPath.of(this).onInstall.accept(setup);
        }
    }

    public static final class SecondPlugin implements ExecutorPlugin {
        @Override
        public String name() {
            return "second";
        }

        @Override
        public void install(ExecutorSetup setup) {
            PluginPath.of(this).onSecondInstall.accept(setup);
        }
    }

    /// Cannot even be made.
    public static final class Broken implements ExecutorPlugin {
        public Broken() {
            throw new IllegalStateException("planted");
        }

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public void install(ExecutorSetup setup) {}
    }

    public static final class Transport implements MessageChannelProvider {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("scripted");
        }

        @Override
        public Optional<String> unavailable() {
            return PluginPath.of(this).transportUnavailable;
        }

        @Override
        public MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException {
            return PluginPath.of(this).onConnect.open();
        }

        @Override
        public MessageChannelListener listen(ConnectionSpec spec) throws IOException {
            throw new IOException("only one end listens");
        }
    }

    /// Claims the same scheme.
    public static final class RivalTransport implements MessageChannelProvider {
        @Override
        public String name() {
            return "rival";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("scripted");
        }

        @Override
        public MessageChannel connect(ConnectionSpec spec, Duration timeout) throws IOException {
            throw new IOException("not me");
        }

        @Override
        public MessageChannelListener listen(ConnectionSpec spec) throws IOException {
            throw new IOException("not me");
        }
    }

    public static final class Linker implements WrapperFunctionLinker {
        @Override
        public String name() {
            return "scripted-linker";
        }

        @Override
        public Optional<String> unavailable() {
            return PluginPath.of(this).linkerUnavailable;
        }

        @Override
        public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            return new ExecutorAddress(1);
        }

        @Override
        public void unbind(WrapperFunction function, CallingConvention convention) {}

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            return new ExecutorAddress(3);
        }

        @Override
        public void unbindC(ExecutorAddress address) {}

        @Override
        public @Nullable WrapperFunction boundAt(long address) {
            return null;
        }

        @Override
        public NativeCall prepare(
                long address,
                CallingConvention convention,
                ExecutorAddress session,
                MemorySegment args,
                long offset,
                long length) {
            throw new AssertionError("nobody calls native code here");
        }
    }

    public static final class RivalLinker implements WrapperFunctionLinker {
        @Override
        public String name() {
            return "rival-linker";
        }

        @Override
        public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            return new ExecutorAddress(2);
        }

        @Override
        public void unbind(WrapperFunction function, CallingConvention convention) {}

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            return new ExecutorAddress(4);
        }

        @Override
        public void unbindC(ExecutorAddress address) {}

        @Override
        public @Nullable WrapperFunction boundAt(long address) {
            return null;
        }

        @Override
        public NativeCall prepare(
                long address,
                CallingConvention convention,
                ExecutorAddress session,
                MemorySegment args,
                long offset,
                long length) {
            throw new AssertionError("nobody calls native code here");
        }
    }

    public static final class Manager implements ResourceManagerProvider {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Optional<String> unavailable() {
            return PluginPath.of(this).managerUnavailable;
        }

        @Override
        public ResourceManager create(Session session) {
            return PluginPath.of(this).onManager.apply(session);
        }
    }

    public static final class Access implements ControllerAccessProvider {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("scripted-access");
        }

        @Override
        public ControllerAccess connect(ConnectionSpec spec, Duration timeout) throws IOException {
            return PluginPath.of(this).onAccess.open();
        }
    }

    public static final class Dispatcher implements TaskDispatcherProvider {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Optional<String> unavailable() {
            return PluginPath.of(this).dispatcherUnavailable;
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            throw new IllegalStateException("planted");
        }
    }

    /// Claims the name of one of ours.
    public static final class RivalDispatcher implements TaskDispatcherProvider {
        @Override
        public String name() {
            return "thread-pool";
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            throw new IllegalStateException("planted");
        }
    }

    /// Does not even tell its name.
    public static final class NamelessDispatcher implements TaskDispatcherProvider {
        @Override
        public String name() {
            throw new IllegalStateException("planted");
        }

        @Override
        public TaskDispatcher create(DispatcherLimits limits, ErrorReporter reporter) {
            throw new IllegalStateException("planted");
        }
    }
}
