// SPDX-License-Identifier: Apache-2.0
package org.orcrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this process holds at a moment and should not hold for ever:
///
/// - platform threads, without those of the JVM and its flight recorder, of JUnit and Surefire, the common pool's, and
///   the timer of deadlines, which ends by itself. No API lists virtual threads: they do not count, their carriers
///   neither;
/// - open descriptors, without those of the JVM's own files. Elsewhere than on Linux: none;
/// - our names in `/dev/shm`;
/// - memory that `org.orcrt.ffm` mapped and leased stubs, by its own books: in `/proc/self/maps` nobody can tell an
///   anonymous mapping of ours from one of the JVM. Without that module on the path: none.
///
/// The property `orcrt.leaks.first` names classes that take for the life of the process what they take; they are
/// initialized before the first look.
public final class Held {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String OUR_SHARED_MEMORY =
            "jitlink_" + ProcessHandle.current().pid() + "_";
    private static final String JAVA_HOME = System.getProperty("java.home");

    private static final Method MAPPINGS = bookOf("org.orcrt.ffm.SystemCalls", "mappings");
    private static final Method STUBS = bookOf("org.orcrt.ffm.StubPool", "leasedStubs");

    static {
        for (String name : System.getProperty("orcrt.leaks.first", "").split(",")) {
            if (!name.isBlank()) {
                initialize(name.strip());
            }
        }
    }

    private final Set<Thread> threads;
    private final Map<String, String> descriptors;
    private final Set<String> sharedMemory;
    private final Map<?, ?> mappings;
    private final int stubs;

    private Held() {
        threads = liveThreads();
        descriptors = openDescriptors();
        sharedMemory = sharedNames();
        mappings = MAPPINGS == null ? Map.of() : (Map<?, ?>) ask(MAPPINGS);
        stubs = STUBS == null ? 0 : (Integer) ask(STUBS);
    }

    /// Looks.
    public static Held now() {
        return new Held();
    }

    /// What is held now and was not before.
    ///
    /// @return a line for each thing
    public List<String> beyond(Held before) {
        List<String> more = new ArrayList<>();
        for (Thread thread : threads) {
            if (!before.threads.contains(thread) && thread.isAlive()) {
                more.add("thread \"%s\"%s".formatted(thread.getName(), stack(thread)));
            }
        }
        descriptors.forEach((number, target) -> {
            if (!target.equals(before.descriptors.get(number))) {
                more.add("descriptor " + number + " of " + target);
            }
        });
        sharedMemory.stream()
                .filter(name -> !before.sharedMemory.contains(name))
                .forEach(name -> more.add("shared memory " + SHARED_MEMORY + "/" + name));
        mappings.forEach((address, bytes) -> {
            if (!bytes.equals(before.mappings.get(address))) {
                more.add("mapping of 0x%x bytes at 0x%x".formatted(bytes, address));
            }
        });
        if (stubs > before.stubs) {
            more.add("leased stubs: %d, before: %d".formatted(stubs, before.stubs));
        }
        return more;
    }

    private static String stack(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
    }

    private static Set<Thread> liveThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] found = new Thread[2 * root.activeCount() + 16];
        int count = root.enumerate(found, true);
        while (count == found.length) {
            found = new Thread[2 * found.length];
            count = root.enumerate(found, true);
        }
        Set<Thread> ours = new HashSet<>();
        for (int k = 0; k < count; k++) {
            if (!isExempt(found[k], root)) {
                ours.add(found[k]);
            }
        }
        return ours;
    }

    private static boolean isExempt(Thread thread, ThreadGroup root) {
        ThreadGroup group = thread.getThreadGroup();
        boolean ofTheJvm = group == null // it has ended
                || group == root
                || group.getName().equals("InnocuousThreadGroup")
                || group.getName().equals("CarrierThreads");
        boolean ofTheCommonPool =
                thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
        String name = thread.getName();
        return ofTheJvm
                || ofTheCommonPool
                || name.equals("ForkJoinPool.commonPool-delayScheduler")
                || name.startsWith("JFR ")
                || name.startsWith("junit-")
                || name.startsWith("surefire-")
                || name.equals("orc-deadlines");
    }

    private static Map<String, String> openDescriptors() {
        Map<String, String> open = new TreeMap<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return open;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path one : all) {
                String target = target(one);
                if (!isOfTheJvm(target)) {
                    open.put(one.getFileName().toString(), target);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return open;
    }

    /// What a descriptor stands for; empty if it was closed meanwhile, as that of the listing itself will be.
    private static String target(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.matches("/proc/[0-9]+/fd") ? "" : target;
        } catch (IOException closed) {
            return "";
        }
    }

    private static boolean isOfTheJvm(String target) {
        return target.isEmpty()
                || target.endsWith(".jar")
                || target.startsWith(JAVA_HOME)
                || target.equals("/dev/random")
                || target.equals("/dev/urandom");
    }

    private static Set<String> sharedNames() {
        Set<String> names = new TreeSet<>();
        if (!Files.isDirectory(SHARED_MEMORY)) {
            return names;
        }
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(SHARED_MEMORY, OUR_SHARED_MEMORY + "*")) {
            ours.forEach(one -> names.add(one.getFileName().toString()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return names;
    }

    /// A public static method, or `null` without its class. That it cannot be called is an error: a leak that nobody
    /// looks for would go unseen.
    private static Method bookOf(String type, String method) {
        try {
            return Class.forName(type).getMethod(method);
        } catch (ClassNotFoundException absent) {
            return null;
        } catch (ReflectiveOperationException renamed) {
            throw new IllegalStateException(type + "." + method + " is gone; name its successor here", renamed);
        }
    }

    private static Object ask(Method book) {
        try {
            return book.invoke(null);
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(
                    "the tests need --add-exports org.orcrt.ffm/org.orcrt.ffm=ALL-UNNAMED to look for leaks", hidden);
        } catch (InvocationTargetException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    private static void initialize(String type) {
        try {
            Class.forName(type);
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException("orcrt.leaks.first names " + type + ", which is not there", absent);
        }
    }
}
