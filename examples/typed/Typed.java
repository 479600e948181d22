// SPDX-License-Identifier: Apache-2.0

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.orcrt.api.CallException;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Session;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;
import org.orcrt.executor.Executor;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.sps.RemoteFunction;
import org.orcrt.sps.SpsBinder;
import org.orcrt.sps.SpsInterface;
import org.orcrt.sps.SpsMethod;

/// A Java program that publishes the methods of an interface: a Java controller calls them through a proxy, a Java
/// executor calls those of its controller, and C code that LLVM links in here calls them by name.
public class Typed {

    record Point(long x, long y) {}

    interface Calculator {
        long add(long left, long right);

        @SpsMethod(fallible = true)
        long divide(long dividend, long divisor);

        Point center(List<Point> points);

        CompletionStage<Long> addLater(long left, long right);
    }

    /// Compiled once: proxies of the interface, and functions that call an implementation.
    private static final SpsInterface<Calculator> CALCULATOR =
            SpsBinder.in(MethodHandles.lookup()).withPrefix("calculator_").bind(Calculator.class);

    /// The same functions of the controller.
    private static final SpsInterface<Calculator> CONTROLLER =
            SpsBinder.in(MethodHandles.lookup()).withPrefix("controller_").bind(Calculator.class);

    public static void main(String[] args) throws Exception {
        inOneProcess();
        try (Session session =
                Executor.builder().spec(args[0]).plugin(new CalculatorPlugin()).start()) {
            session.awaitDetached(Duration.ofMinutes(10));
        }
    }

    private static void inOneProcess() {
        InProcessPair pair = InProcessPair.create(Throwable::printStackTrace);
        try (Session session =
                Sessions.builder().plugin(new CalculatorPlugin()).attach(pair.access())) {
            // the controller calls the executor
            use("executor", CALCULATOR.proxy(RemoteFunction.in(pair.control())));

            // and the other way round: a handler's tag is an address that the executor published
            CONTROLLER.functions(Execution.DISPATCHED, new JavaCalculator()).forEach((name, handler) -> {
                long tag = session.bootstrapInfo().symbols().get(name).value();
                pair.control().registerHandler(new HandlerTag(tag), handler);
            });
            use("controller", CONTROLLER.proxy(RemoteFunction.in(session)));
        }
    }

    private static void use(String end, Calculator calculator) {
        System.out.println(end + ": 40 + 2 = " + calculator.add(40, 2));
        System.out.println(end + ": later " + calculator.addLater(40, 2).toCompletableFuture().join());
        System.out.println(end + ": " + calculator.center(List.of(new Point(0, 0), new Point(4, 2))));
        try {
            calculator.divide(1, 0);
        } catch (CallException failed) {
            System.out.println(end + ": 1 / 0 failed: " + failed.getMessage());
        }
    }

    private static final class JavaCalculator implements Calculator {

        @Override
        public long add(long left, long right) {
            return left + right;
        }

        @Override
        public long divide(long dividend, long divisor) {
            if (divisor == 0) {
                throw new CallException(CallException.KIND, "divisor is 0");
            }
            return dividend / divisor;
        }

        @Override
        public Point center(List<Point> points) {
            long x = points.stream().mapToLong(Point::x).sum();
            long y = points.stream().mapToLong(Point::y).sum();
            return new Point(x / points.size(), y / points.size());
        }

        @Override
        public CompletionStage<Long> addLater(long left, long right) {
            return CompletableFuture.supplyAsync(() -> left + right);
        }
    }

    /// Publishes the calculator, and tags for the one of the controller.
    private static final class CalculatorPlugin implements ExecutorPlugin {

        @Override
        public String name() {
            return "calculator";
        }

        @Override
        public void install(ExecutorSetup setup) {
            CALCULATOR.functions(Execution.DISPATCHED, new JavaCalculator()).forEach(setup::function);
            long tag = 1;
            for (String name : CONTROLLER.names()) {
                setup.symbol(name, new ExecutorAddress(tag++));
            }
        }
    }
}
