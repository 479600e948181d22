// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.soak;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.orcrt.api.Execution;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Session;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.api.memory.AllocAction;
import org.orcrt.api.memory.AllocActionPair;
import org.orcrt.api.memory.AllocGroup;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.core.InProcessPair;
import org.orcrt.core.Sessions;
import org.orcrt.memory.MemoryNames;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.sps.SpsMemory;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// The life of one session, with all plug-ins of the module path: calls in both directions, native memory with code in
/// it, allocation actions and a call of that code, the end. Anything out of order throws.
final class Cycle {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final HandlerTag HANDLER = new HandlerTag(0x50a);
    private static final String ECHO = "soak_echo";
    private static final String LEAF = "soak_leaf";
    private static final long SLAB_BYTES = 1 << 16;
    private static final byte[] WORD = {1, 2, 3, 4, 5};

    /// A wrapper function and an allocation action in one: `xor eax, eax; mov edx, 1; ret` gives back one byte of 0,
    /// "no error".
    private static final byte[] CODE = {0x31, (byte) 0xc0, (byte) 0xba, 1, 0, 0, 0, (byte) 0xc3};

    private final InProcessPair pair;
    private final Session session;
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();

    private Cycle() {
        pair = InProcessPair.create(reports::add);
        session = Sessions.builder()
                .errorReporter(reports::add)
                .plugin(new Functions())
                .attach(pair.access());
    }

    /// A session from its beginning to its end.
    static void run() {
        Cycle cycle = new Cycle();
        try {
            cycle.calls();
            cycle.memory();
        } finally {
            cycle.end();
        }
    }

    private void calls() {
        expect("echo", WORD, call(address(ECHO), WORD));
        expect("leaf", WORD, call(address(LEAF), WORD));
        ExecutorProcessControl control = pair.control();
        control.registerHandler(HANDLER, Cycle::echo);
        byte[] result = new byte[16];
        long length = session.callControllerAndWait(
                HANDLER,
                MemorySegment.ofArray(WORD),
                0,
                WORD.length,
                MemorySegment.ofArray(result),
                0,
                result.length,
                BOUND.toNanos());
        expect("handler", WORD, Arrays.copyOf(result, (int) length));
        control.unregisterHandler(HANDLER);
    }

    private void memory() {
        ExecutorAddress instance = address(MemoryNames.INSTANCE);
        SpsWriter args = new SpsWriter().address(instance);
        ExecutorAddress slab = expected("reserve", MemoryNames.RESERVE, args.u64(SLAB_BYTES));

        SegmentRequest code = new SegmentRequest(AllocGroup.ofId(5), slab, CODE.length, MemorySegment.ofArray(CODE));
        AllocAction action = new AllocAction(slab, new byte[0]);
        SpsWriter request = new SpsWriter().address(instance);
        SpsMemory.writeInitializeRequest(
                request, new InitializeRequest(List.of(code), List.of(new AllocActionPair(action, action))));
        ExecutorAddress key = expected("initialize", MemoryNames.INITIALIZE, request);

        expect("native code", new byte[1], call(slab, WORD));

        succeeds("deinitialize", MemoryNames.DEINITIALIZE_ALL, one(instance, key));
        succeeds("release", MemoryNames.RELEASE_ALL, one(instance, slab));

        // what a controller leaves behind is the session's to free
        expected(
                "reserve",
                MemoryNames.RESERVE,
                new SpsWriter().address(instance).u64(SLAB_BYTES));
        ExecutorAddress shared = address(MemoryNames.SHARED_INSTANCE);
        expected(
                "shared reserve",
                MemoryNames.SHARED_RESERVE,
                new SpsWriter().address(shared).u64(SLAB_BYTES));
    }

    private void end() {
        ShutdownReport report = session.shutdown(BOUND);
        pair.control().disconnect();
        if (!report.isClean() || !reports.isEmpty()) {
            IllegalStateException failed = new IllegalStateException("the session did not end well: " + report);
            reports.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private static SpsWriter one(ExecutorAddress instance, ExecutorAddress address) {
        return new SpsWriter().address(instance).count(1).address(address);
    }

    private ExecutorAddress expected(String what, String name, SpsWriter args) {
        SpsReader answer = reader(call(address(name), args.toByteArray()));
        if (!answer.readBool()) {
            throw new IllegalStateException(what + " failed: " + answer.readText());
        }
        return answer.readAddress();
    }

    private void succeeds(String what, String name, SpsWriter args) {
        String error = reader(call(address(name), args.toByteArray())).readError();
        if (error != null) {
            throw new IllegalStateException(what + " failed: " + error);
        }
    }

    private ExecutorAddress address(String name) {
        ExecutorAddress address = pair.control().bootstrapInfo().symbols().get(name);
        if (address == null) {
            throw new IllegalStateException("no symbol " + name + "; is its module on the path?");
        }
        return address;
    }

    private byte[] call(ExecutorAddress function, byte[] args) {
        byte[] result = new byte[512];
        long length = pair.control()
                .callWrapperAndWait(
                        function,
                        MemorySegment.ofArray(args),
                        0,
                        args.length,
                        MemorySegment.ofArray(result),
                        0,
                        result.length,
                        TimeUnit.NANOSECONDS.convert(BOUND));
        return Arrays.copyOf(result, (int) length);
    }

    private static SpsReader reader(byte[] bytes) {
        return SpsReader.of(bytes);
    }

    private static void expect(String what, byte[] wanted, byte[] got) {
        if (!Arrays.equals(wanted, got)) {
            throw new IllegalStateException(
                    "%s answered %s, not %s".formatted(what, Arrays.toString(got), Arrays.toString(wanted)));
        }
    }

    private static void echo(MemorySegment args, long offset, long length, WrapperReturn reply) {
        reply.result(args, offset, length);
    }

    /// One function for the dispatcher's threads, one for the caller's.
    private static final class Functions implements ExecutorPlugin {

        @Override
        public String name() {
            return "soak";
        }

        @Override
        public void install(ExecutorSetup setup) {
            setup.function(ECHO, WrapperFunction.on(Execution.DISPATCHED, Cycle::echo));
            setup.function(LEAF, WrapperFunction.on(Execution.LEAF, Cycle::echo));
        }
    }
}
