// SPDX-License-Identifier: Apache-2.0

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.executor.Executor;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;

/// A Java program that goes on calling JIT'd code after the controller was killed, and then leaves nothing of
/// it behind.
public class AfterController {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int CALLS = 1_000_000;

    public static void main(String[] args) throws Throwable {
        Keeper keeper = new Keeper();
        try (Session session =
                Executor.builder().spec(args[0]).plugin(keeper).start()) {
            MemorySegment code = keeper.kept.get(LONG.toSeconds(), TimeUnit.SECONDS);
            System.out.println("kept a function; llvm-jitlink may be killed now");
            session.awaitDetached(LONG);
            System.out.println("the controller is gone");

            MethodHandle next = Linker.nativeLinker().downcallHandle(code, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            int sum = session.callWithKeepalive(() -> call(next)).orElseThrow();
            System.out.println("called JIT'd code until it said " + sum);
            System.out.println("mapped: " + isMapped(code) + ", known to the unwinder: " + isKnownToUnwinder(code));

            ShutdownReport report = session.shutdown(LONG);
            System.out.println("shut down, clean: " + report.isClean());
            System.out.println("mapped: " + isMapped(code) + ", known to the unwinder: " + isKnownToUnwinder(code));
        }
    }

    private static int call(MethodHandle next) {
        try {
            int sum = 0;
            for (int k = 0; k < CALLS; k++) {
                sum = (int) next.invokeExact(sum);
            }
            return sum;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Publishes two Java functions that C code links against and calls.
    private static final class Keeper implements ExecutorPlugin {

        private final CompletableFuture<MemorySegment> kept = new CompletableFuture<>();

        @Override
        public String name() {
            return "keeper";
        }

        @Override
        public void install(ExecutorSetup setup) {
            Functions functions = new Functions(setup.session(), kept);
            functions.publish(setup, "keep_function", "keep", FunctionDescriptor.ofVoid(ADDRESS));
            functions.publish(setup, "wait_for_the_end", "awaitEnd", FunctionDescriptor.ofVoid());
        }
    }

    private record Functions(Session session, CompletableFuture<MemorySegment> kept) {

        void keep(MemorySegment function) {
            kept.complete(function);
        }

        void awaitEnd() throws InterruptedException {
            session.awaitDetached(LONG);
        }

        void publish(ExecutorSetup setup, String name, String method, FunctionDescriptor signature) {
            try {
                setup.cFunction(
                        name, MethodHandles.lookup().bind(this, method, signature.toMethodType()), signature);
            } catch (ReflectiveOperationException missing) {
                throw new AssertionError(missing);
            }
        }
    }

    /// Whether a mapping of this process holds the code.
    private static boolean isMapped(MemorySegment code) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .map(line -> line.split("[- ]"))
                .anyMatch(fields -> Long.compareUnsigned(Long.parseUnsignedLong(fields[0], 16), code.address()) <= 0
                        && Long.compareUnsigned(code.address(), Long.parseUnsignedLong(fields[1], 16)) < 0);
    }

    /// Whether the code's exception frames are registered. Left behind or taken away twice, they end the process.
    private static boolean isKnownToUnwinder(MemorySegment code) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = SymbolLookup.libraryLookup("libgcc_s.so.1", Arena.global())
                    .find("_Unwind_Find_FDE")
                    .orElseThrow();
            MethodHandle find = Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
            MemorySegment bases = arena.allocate(3 * ADDRESS.byteSize(), ADDRESS.byteAlignment());
            return ((MemorySegment) find.invokeExact(code, bases)).address() != 0;
        }
    }
}
