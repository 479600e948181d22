// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.orcrt.api.ResourceManager;
import org.orcrt.api.Session;
import org.orcrt.spi.ControllerAccess;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.MessageChannel;

/// A class path with plug-ins on it, beside the module path of the tests. Plug-ins are loaded by this loader, into its
/// unnamed module, as those of a third party would be; what they do is written here, where they find it by [#of]. (Test
/// services in `META-INF` of the module itself are not seen on the module path.)
public final class PluginPath extends ClassLoader {

    /// Opens the channel of [PluginScripts.Transport].
    @FunctionalInterface
    public interface Opener {
        MessageChannel open() throws IOException;
    }

    /// Opens the connection of [PluginScripts.Access].
    @FunctionalInterface
    public interface AccessOpener {
        ControllerAccess open() throws IOException;
    }

    private final Path directory;
    private final Set<String> own = new HashSet<>();

    /// What [PluginScripts.Plugin] installs.
    public Consumer<ExecutorSetup> onInstall = setup -> {};

    /// What [PluginScripts.SecondPlugin] installs.
    public Consumer<ExecutorSetup> onSecondInstall = setup -> {};

    /// Why a provider cannot work here.
    public Optional<String> pluginUnavailable = Optional.empty();

    public Optional<String> transportUnavailable = Optional.empty();

    public Optional<String> linkerUnavailable = Optional.empty();

    public Optional<String> dispatcherUnavailable = Optional.empty();

    public Optional<String> managerUnavailable = Optional.empty();

    /// What [PluginScripts.Manager] makes.
    public Function<Session, ResourceManager> onManager = session -> {
        throw new IllegalStateException("planted");
    };

    /// What [PluginScripts.Access] opens.
    public AccessOpener onAccess = () -> {
        throw new IOException("nobody listens");
    };

    public Opener onConnect = () -> {
        throw new IOException("nobody listens");
    };

    public PluginPath(Path directory) {
        super(PluginPath.class.getClassLoader());
        this.directory = directory;
    }

    /// The path that a provider lies on.
    public static PluginPath of(Object provider) {
        return (PluginPath) provider.getClass().getClassLoader();
    }

    /// Puts providers on this path, in this order.
    PluginPath provide(Class<?> service, Class<?>... providers) throws IOException {
        return provideByName(
                service, Arrays.stream(providers).map(Class::getName).toArray(String[]::new));
    }

    PluginPath provideByName(Class<?> service, String... providers) throws IOException {
        own.addAll(List.of(providers));
        Path file = directory.resolve("META-INF/services/" + service.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(providers));
        return this;
    }

    /// Does something with this path in place, as an embedding program would.
    <T> T during(Callable<T> work) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(this);
        try {
            return work.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return own.contains(name) ? defined(name) : super.loadClass(name, resolve);
        }
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
        try (@Nullable InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            Class<?> type = defineClass(name, bytes, 0, bytes.length);
            assertThat(type.getModule().isNamed()).isFalse();
            return type;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file)
                ? Collections.enumeration(List.of(file.toUri().toURL()))
                : Collections.emptyEnumeration();
    }
}
