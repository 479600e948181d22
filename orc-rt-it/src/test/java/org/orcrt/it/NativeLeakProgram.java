// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.WrapperFunction;
import org.orcrt.api.WrapperReturn;
import org.orcrt.ffm.FfmLinker;
import org.orcrt.ffm.NativeFunctions;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.ffm.NativeMemory;
import org.orcrt.spi.CallingConvention;

/// The child of [NativeLeakTest]: makes one kind of call very often, and asks C's heap how much more is taken than
/// before.
final class NativeLeakProgram {

    private static final ExecutorAddress SESSION = new ExecutorAddress(0x7ff3_0000_0000_0001L);

    /// `struct mallinfo2`: ten numbers, of which two are bytes in use, in mappings of their own and in arenas.
    private static final int MALLINFO_BYTES = 80;

    private static final int MAPPED_OFFSET = 4 * Long.BYTES;
    private static final int IN_USE_OFFSET = 7 * Long.BYTES;

    private static final WrapperFunction ECHO = (args, offset, length, reply) -> reply.result(args, offset, length);
    private static final WrapperFunction FAILS = (args, offset, length, reply) -> reply.outOfBandError("no luck today");

    private final NativeLibrary library;
    private final FfmLinker linker = new FfmLinker();
    private final MemorySegment args;
    private final int size;
    private final AtomicLong answers = new AtomicLong();

    private NativeLeakProgram(NativeLibrary library, int size) {
        this.library = library;
        this.size = size;
        this.args = MemorySegment.ofArray(new byte[size]);
    }

    /// @param arguments the library, a kind of call, the size of its arguments, how many calls
    public static void main(String[] arguments) throws Exception {
        NativeLeakProgram program =
                new NativeLeakProgram(NativeLibrary.load(Path.of(arguments[0])), Integer.parseInt(arguments[2]));
        int calls = Integer.parseInt(arguments[3]);
        program.make(arguments[1], calls / 4); // what is taken once is taken
        long before = bytesInUse();
        program.make(arguments[1], calls);
        System.out.printf("calls %d, grown by %d bytes%n", calls, bytesInUse() - before);
    }

    private static long bytesInUse() {
        long info = NativeMemory.malloc(MALLINFO_BYTES);
        NativeFunctions.call(NativeLibraries.symbol(NativeLibraries.PROCESS, "mallinfo2"), info);
        long bytes = NativeMemory.getLong(info + MAPPED_OFFSET) + NativeMemory.getLong(info + IN_USE_OFFSET);
        NativeMemory.free(info);
        return bytes;
    }

    private void make(String kind, int calls) throws Exception {
        switch (kind) {
            case "sync" -> invoke(CallingConvention.SYNC, "syncFlip", calls);
            case "sync-error" -> invoke(CallingConvention.SYNC, "syncError", calls);
            case "async" -> invoke(CallingConvention.ASYNC, "asyncFlip", calls);
            case "async-error" -> invoke(CallingConvention.ASYNC, "asyncError", calls);
            case "async-twice" -> invoke(CallingConvention.ASYNC, "asyncTwice", calls);
            case "discard" -> discard(calls);
            case "java-sync" -> callJava("callSync", CallingConvention.SYNC, ECHO, calls);
            case "java-async" -> callJava("callAsync", CallingConvention.ASYNC, ECHO, calls);
            case "java-sync-error" -> callJava("callSync", CallingConvention.SYNC, FAILS, calls);
            case "java-async-error" -> callJava("callAsync", CallingConvention.ASYNC, FAILS, calls);
            case "controller" -> askController(calls);
            case "session" -> callThroughSessions(calls);
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private final WrapperReturn counting = new WrapperReturn() {
        @Override
        public void result(MemorySegment bytes, long offset, long length) {
            answers.incrementAndGet();
        }

        @Override
        public void outOfBandError(String text) {
            answers.incrementAndGet();
        }
    };

    private void invoke(CallingConvention convention, String function, int calls) {
        long address = library.address(function);
        long before = answers.get();
        for (int k = 0; k < calls; k++) {
            linker.prepare(address, convention, SESSION, args, 0, size).invoke(counting);
        }
        if (answers.get() - before != calls) {
            throw new AssertionError("answers: " + (answers.get() - before));
        }
    }

    private void discard(int calls) {
        for (int k = 0; k < calls; k++) {
            CallingConvention convention = CallingConvention.values()[k % 2];
            linker.prepare(1, convention, SESSION, args, 0, size).discard();
            try {
                linker.prepare(1, convention, SESSION, args, 1, size);
                throw new AssertionError("took bytes behind the end");
            } catch (IndexOutOfBoundsException refused) {
                // what was taken for the copy is free again
            }
        }
    }

    private void callJava(String caller, CallingConvention convention, WrapperFunction function, int calls) {
        long address = linker.bind(function, convention).value();
        NativeFunctions.call(library.address(caller), address, size, calls, 0, 0, 0);
        linker.unbind(function, convention);
    }

    /// Each call takes a thread for its answer, and each session of the next kind one for each call, so
    /// there are fewer.
    private void askController(int calls) {
        HandlerTag tag = new HandlerTag(1);
        try (NativeSession session = new NativeSession(setup -> {})) {
            session.controller.registerHandler(tag, ECHO);
            long ask = library.address("askController");
            long instance = session.address("orc_rt_Session_Instance");
            NativeFunctions.call(library.address("useController"), session.address("orc_rt_Session_callController"));
            NativeFunctions.call(ask, instance, tag.value(), size, calls, 0, 0);
        }
    }

    /// Calls that run, calls that are refused because the session is shut down, and answers that come too late.
    private void callThroughSessions(int calls) throws Exception {
        for (int k = 0; k < calls; k += 10) {
            NativeSession session = new NativeSession(
                    setup -> setup.asyncFunction("flip", new ExecutorAddress(library.address("asyncFlip"))));
            long flip = session.address("flip");
            long sync = library.address("syncFlip");
            byte[] bytes = new byte[size];
            for (int j = 0; j < 10; j++) {
                CompletableFuture<byte[]> answer = session.call(j % 2 == 0 ? flip : sync, bytes);
                if (j < 8) {
                    answer.get(20, TimeUnit.SECONDS);
                }
            }
            session.close();
        }
    }
}
