// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;

/// Java functions that C calls with a signature of its own: every call here goes through C's calling convention.
class CFunctionsTest {

    private static final MemoryLayout POINT =
            MemoryLayout.structLayout(JAVA_INT.withName("x"), JAVA_INT.withName("y"), JAVA_DOUBLE.withName("weight"));
    private static final MemoryLayout LARGE = MemoryLayout.sequenceLayout(5, JAVA_LONG);
    private static final MemoryLayout BLOCK = MemoryLayout.structLayout(LARGE.withName("words"));

    private final FfmLinker linker = new FfmLinker();
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final List<ExecutorAddress> bound = new ArrayList<>();

    /// Java functions of some shapes, found by name.
    private static final class Functions {

        private final List<Object> heard = new CopyOnWriteArrayList<>();

        @SuppressWarnings("UnusedMethod")
        double mixed(byte a, short b, int c, long d, float e, double f, boolean g, char h) {
            heard.addAll(Arrays.asList(a, b, c, d, e, f, g, h));
            return 0.0 + a + b + c + d + e + f;
        }

        @SuppressWarnings("UnusedMethod")
        void nothing() {
            heard.add("nothing");
        }

        @SuppressWarnings("UnusedMethod")
        MemorySegment same(MemorySegment pointer) {
            heard.add(pointer);
            return pointer;
        }

        @SuppressWarnings("UnusedMethod")
        MemorySegment moved(MemorySegment point) {
            MemorySegment moved = MemorySegment.ofArray(new long[2]);
            moved.set(JAVA_INT, 0, point.get(JAVA_INT, 0) + 1);
            moved.set(JAVA_INT, 4, point.get(JAVA_INT, 4) + 2);
            moved.set(JAVA_DOUBLE, 8, point.get(JAVA_DOUBLE, 8) / 2);
            return moved;
        }
    }

    private final Functions functions = new Functions();

    @AfterEach
    void give_back() {
        bound.forEach(linker::unbindC);
    }

    @Test
    void arguments_of_every_c_type_arrive_and_the_result_comes_back() throws Throwable {
        FunctionDescriptor signature = FunctionDescriptor.of(
                JAVA_DOUBLE,
                JAVA_BYTE,
                JAVA_SHORT,
                JAVA_INT,
                JAVA_LONG,
                JAVA_FLOAT,
                JAVA_DOUBLE,
                JAVA_BOOLEAN,
                JAVA_CHAR);
        MethodHandle call = bind(find("mixed", signature), signature);
        double sum = (double) call.invokeExact((byte) -1, (short) -300, 70_000, 1L << 40, 0.5f, 0.25, true, 'ß');
        assertThat(sum).isEqualTo(-1 - 300 + 70_000 + (1L << 40) + 0.75);
        assertThat(functions.heard).containsExactly((byte) -1, (short) -300, 70_000, 1L << 40, 0.5f, 0.25, true, 'ß');
    }

    @Test
    void integers_keep_all_their_bits() throws Throwable {
        FunctionDescriptor ints = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
        FunctionDescriptor longs = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
        MethodHandle intCall = bind(MethodHandles.identity(int.class), ints);
        MethodHandle longCall = bind(MethodHandles.identity(long.class), longs);
        for (int value : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat((int) intCall.invokeExact(value)).isEqualTo(value);
        }
        for (long value : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32}) {
            assertThat((long) longCall.invokeExact(value)).isEqualTo(value);
        }
    }

    @Test
    void more_arguments_than_registers_arrive_in_order() throws Throwable {
        MemoryLayout[] twelve = new MemoryLayout[12];
        Arrays.fill(twelve, JAVA_LONG);
        FunctionDescriptor signature = FunctionDescriptor.ofVoid(twelve);
        MethodHandle add = MethodHandles.lookup()
                .bind(functions.heard, "addAll", MethodType.methodType(boolean.class, Collection.class))
                .asType(MethodType.methodType(void.class, Collection.class));
        MethodHandle list = MethodHandles.publicLookup()
                .findStatic(List.class, "of", MethodType.methodType(List.class, Object[].class))
                .asFixedArity()
                .asType(MethodType.methodType(Collection.class, Object[].class));
        MethodHandle target = MethodHandles.filterReturnValue(list, add)
                .asCollector(Object[].class, 12)
                .asType(signature.toMethodType());
        List<Object> sent = new ArrayList<>(LongStream.range(0, 12).boxed().toList());
        bind(target, signature).invokeWithArguments(sent);
        assertThat(functions.heard).isEqualTo(sent);
    }

    @Test
    void a_function_without_arguments_and_result_runs() throws Throwable {
        FunctionDescriptor signature = FunctionDescriptor.ofVoid();
        bind(find("nothing", signature), signature).invokeExact();
        assertThat(functions.heard).containsExactly("nothing");
        assertThat(reports).isEmpty();
    }

    @Test
    @SuppressWarnings("restricted") // says what a pointer points to
    void a_pointer_arrives_with_the_size_of_what_it_points_to_aligned_or_not() throws Throwable {
        FunctionDescriptor told = FunctionDescriptor.of(ADDRESS, ADDRESS.withTargetLayout(JAVA_LONG));
        FunctionDescriptor untold = FunctionDescriptor.of(ADDRESS, ADDRESS);
        MethodHandle sized = bind(find("same", told), told);
        MethodHandle plain = bind(find("same", untold), untold);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment odd = arena.allocate(32, 8).asSlice(3);
            for (MethodHandle call : List.of(sized, plain)) {
                MemorySegment same = (MemorySegment) call.invoke(odd);
                assertThat(same.address()).isEqualTo(odd.address());
            }
        }
        assertThat(functions.heard)
                .extracting(heard -> ((MemorySegment) heard).byteSize())
                .containsExactly(8L, 0L);
    }

    @Test
    void a_struct_goes_both_ways_by_value() throws Throwable {
        FunctionDescriptor signature = FunctionDescriptor.of(POINT, POINT);
        MethodHandle call = bind(find("moved", signature), signature);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment point = arena.allocate(POINT);
            point.set(JAVA_INT, 0, 10);
            point.set(JAVA_INT, 4, 20);
            point.set(JAVA_DOUBLE, 8, 3);
            MemorySegment moved = (MemorySegment) call.invokeExact((SegmentAllocator) arena, point);
            assertThat(moved.get(JAVA_INT, 0)).isEqualTo(11);
            assertThat(moved.get(JAVA_INT, 4)).isEqualTo(22);
            assertThat(moved.get(JAVA_DOUBLE, 8)).isEqualTo(1.5);
        }
    }

    @Test
    @Tag("WL-12")
    void whatever_a_function_throws_is_reported_and_c_gets_zeros() throws Throwable {
        List<Throwable> thrown = List.of(
                new IllegalStateException("state"),
                new AssertionError("bug"),
                new StackOverflowError(),
                new OutOfMemoryError("planted"),
                new Exception("checked"));
        for (Throwable one : thrown) {
            bind(throwing(one, void.class), FunctionDescriptor.ofVoid()).invokeExact();
            assertThat((int) bind(throwing(one, int.class), FunctionDescriptor.of(JAVA_INT))
                            .invokeExact())
                    .isZero();
            assertThat((double) bind(throwing(one, double.class), FunctionDescriptor.of(JAVA_DOUBLE))
                            .invokeExact())
                    .isZero();
            assertThat((boolean) bind(throwing(one, boolean.class), FunctionDescriptor.of(JAVA_BOOLEAN))
                            .invokeExact())
                    .isFalse();
            MethodHandle pointer = bind(throwing(one, MemorySegment.class), FunctionDescriptor.of(ADDRESS));
            assertThat(((MemorySegment) pointer.invokeExact()).address()).isZero();
            assertThat(reports)
                    .hasSize(5)
                    .allSatisfy(report -> assertThat(report).isSameAs(one));
            reports.clear();
        }
    }

    @Test
    void a_struct_of_zeros_stands_for_one_that_was_never_made() throws Throwable {
        for (MemoryLayout layout : List.of(POINT, BLOCK)) {
            MethodHandle call =
                    bind(throwing(new IllegalStateException(), MemorySegment.class), FunctionDescriptor.of(layout));
            try (Arena arena = Arena.ofConfined()) {
                SegmentAllocator filled =
                        (size, alignment) -> arena.allocate(size, alignment).fill((byte) 0x55);
                MemorySegment zeros = (MemorySegment) call.invokeExact(filled);
                assertThat(zeros.byteSize()).isEqualTo(layout.byteSize());
                assertThat(zeros.toArray(JAVA_BYTE)).containsOnly(0);
            }
        }
        assertThat(reports).hasSize(2);
    }

    @Test
    void a_result_that_c_cannot_take_is_reported_and_c_gets_zeros() throws Throwable {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        for (MemorySegment result : Arrays.asList(null, heap)) {
            MethodHandle target = MethodHandles.constant(MemorySegment.class, result);
            MemorySegment pointer =
                    (MemorySegment) bind(target, FunctionDescriptor.of(ADDRESS)).invokeExact();
            assertThat(pointer.address()).isZero();
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle call = bind(target, FunctionDescriptor.of(BLOCK));
                MemorySegment zeros = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
                assertThat(zeros.toArray(JAVA_BYTE)).containsOnly(0);
            }
        }
        assertThat(reports).hasSize(4);
    }

    @Test
    void a_real_stack_overflow_inside_a_function_stops_in_the_stub() throws Throwable {
        MethodHandle recurse = MethodHandles.lookup()
                .findStatic(CFunctionsTest.class, "recurse", MethodType.methodType(int.class, int.class));
        MethodHandle call = bind(recurse, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        assertThat((int) call.invokeExact(1)).isZero();
        assertThat(reports).singleElement().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void a_reporter_that_throws_changes_nothing() throws Throwable {
        ErrorReporter broken = failure -> {
            throw new AssertionError("planted", failure);
        };
        ExecutorAddress address = linker.bindC(
                throwing(new IllegalStateException(), long.class), FunctionDescriptor.of(JAVA_LONG), broken);
        bound.add(address);
        assertThat((long) caller(address, FunctionDescriptor.of(JAVA_LONG)).invokeExact())
                .isZero();
    }

    @Test
    void a_function_of_another_type_and_a_signature_that_c_has_not_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bind(MethodHandles.identity(int.class), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG)))
                .withMessageContainingAll("(long)long", "(int)int");
        FunctionDescriptor bigEndian = FunctionDescriptor.ofVoid(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bind(MethodHandles.empty(bigEndian.toMethodType()), bigEndian))
                .withMessageStartingWith("C has no function with the signature ");
    }

    @Test
    @Tag("WL-13")
    void an_address_that_was_taken_back_returns_zeros_until_the_signature_needs_it_again() throws Throwable {
        FunctionDescriptor signature = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT);
        MethodHandle seven = MethodHandles.dropArguments(
                MethodHandles.constant(long.class, 7L),
                0,
                signature.toMethodType().parameterList());
        ExecutorAddress first = linker.bindC(seven, signature, reports::add);
        ExecutorAddress second = linker.bindC(seven, signature, reports::add);
        assertThat(second).isNotEqualTo(first);
        MethodHandle call = caller(first, signature);
        assertThat((long) call.invokeExact(1L, 2L, 3f)).isEqualTo(7);
        linker.unbindC(first);
        assertThat((long) call.invokeExact(1L, 2L, 3f)).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> linker.unbindC(first))
                .withMessage("0x%x is not a leased C function", first.value());
        MethodHandle eight = MethodHandles.dropArguments(
                MethodHandles.constant(long.class, 8L),
                0,
                signature.toMethodType().parameterList());
        for (int k = 0; k < 100; k++) {
            assertThat(linker.bindC(eight, signature, reports::add)).isEqualTo(first);
            assertThat((long) call.invokeExact(1L, 2L, 3f)).isEqualTo(8);
            linker.unbindC(first);
        }
        assertThat((long) caller(second, signature).invokeExact(1L, 2L, 3f)).isEqualTo(7);
        linker.unbindC(second);
        assertThat(reports).isEmpty();
    }

    @Test
    @Tag("WL-14")
    void a_thread_that_java_did_not_make_may_call() {
        FunctionDescriptor startRoutine = FunctionDescriptor.of(ADDRESS, ADDRESS);
        ExecutorAddress stub = linker.bindC(find("same", startRoutine), startRoutine, reports::add);
        bound.add(stub);
        long block = NativeMemory.malloc(16);
        long create = NativeFunctions.requiredSymbol("pthread_create");
        long join = NativeFunctions.requiredSymbol("pthread_join");
        assertThat((int) NativeFunctions.call(create, block, 0, stub.value(), 41, 0, 0))
                .isZero();
        assertThat((int) NativeFunctions.call(join, NativeMemory.getLong(block), block + 8))
                .isZero();
        assertThat(NativeMemory.getLong(block + 8)).isEqualTo(41);
        NativeMemory.free(block);
    }

    private MethodHandle bind(MethodHandle target, FunctionDescriptor signature) {
        ExecutorAddress address = linker.bindC(target, signature, reports::add);
        bound.add(address);
        return caller(address, signature);
    }

    @SuppressWarnings("restricted") // the one module that may
    private static MethodHandle caller(ExecutorAddress address, FunctionDescriptor signature) {
        return NativeFunctions.linker()
                .downcallHandle(MemorySegment.ofAddress(address.value()), CGuard.plain(signature));
    }

    private MethodHandle find(String name, FunctionDescriptor signature) {
        try {
            return MethodHandles.lookup().bind(functions, name, signature.toMethodType());
        } catch (ReflectiveOperationException missing) {
            throw new AssertionError(missing);
        }
    }

    private static MethodHandle throwing(Throwable thrown, Class<?> result) {
        return MethodHandles.throwException(result, Throwable.class).bindTo(thrown);
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + depth;
    }
}
