// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.CallException;
import org.orcrt.api.ErrorReporter;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.SessionException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.spi.CallingConvention;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.NativeCall;
import org.orcrt.spi.WrapperFunctionLinker;

/// Java functions with a C signature that plug-ins publish, over a linker that numbers them.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CFunctionSetupTest {

    private static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    private static final MethodHandle SEVEN = MethodHandles.constant(int.class, 7);

    private final NumberingLinker linker = new NumberingLinker();
    private final List<Throwable> reports = new ArrayList<>();
    private final DefaultSession session = new DefaultSession(
            SessionHarness.LIMITS,
            new SessionHooks(reports::add, null, new ThreadPerCallTaskDispatcher(1, 1, 1 << 20)),
            linker);

    @AfterEach
    void end() {
        session.close();
    }

    @Test
    @Tag("EP-9")
    void a_c_function_is_published_under_its_name_until_the_session_ends() {
        ExecutorAddress one = setup("alpha").cFunction("one", SEVEN, SIGNATURE);
        ExecutorAddress two = setup("beta").cFunction("two", SEVEN, SIGNATURE);
        session.parts().complete(SessionHarness.PROCESS);
        assertThat(session.bootstrapInfo().symbols()).isEqualTo(Map.of("one", one, "two", two));
        assertThat(linker.taken).isEmpty();
        assertThat(session.shutdown(SessionHarness.LONG).isClean()).isTrue();
        session.close();
        assertThat(linker.taken).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void one_name_for_two_c_functions_is_an_error_that_names_both_plug_ins_and_keeps_neither() {
        ExecutorAddress first = setup("alpha").cFunction("shared", SEVEN, SIGNATURE);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> setup("beta").cFunction("shared", SEVEN, SIGNATURE))
                .withMessageContainingAll("'shared'", "'alpha'", "'beta'", first.toString());
        session.close();
        assertThat(linker.taken)
                .containsExactlyInAnyOrderElementsOf(linker.given)
                .hasSize(2);
    }

    @Test
    void what_a_c_function_throws_goes_to_the_sessions_reporter_with_its_name_and_its_plug_in() {
        setup("alpha").cFunction("one", SEVEN, SIGNATURE);
        IllegalStateException thrown = new IllegalStateException("planted");
        linker.reporters.getFirst().report(thrown);
        assertThat(reports)
                .singleElement()
                .isInstanceOf(CallException.class)
                .satisfies(report -> assertThat(report)
                        .hasMessageContainingAll("'one'", "'alpha'", "planted")
                        .hasCause(thrown));
    }

    @Test
    @Tag("EP-9")
    void without_a_linker_for_native_code_nothing_is_published_and_the_error_names_the_module() {
        try (SessionHarness harness = new SessionHarness()) {
            assertThatExceptionOfType(SessionException.class)
                    .isThrownBy(() -> harness.setup.cFunction("one", SEVEN, SIGNATURE))
                    .withMessageContaining("org.orcrt.ffm");
            assertThat(harness.complete().session.bootstrapInfo().symbols()).isEmpty();
        }
    }

    private ExecutorSetup setup(String plugin) {
        return new PluginSetup(session, plugin, SessionHarness.PROCESS, true, Map.of());
    }

    /// Gives C functions the addresses 1, 2, ... and keeps books.
    private static final class NumberingLinker implements WrapperFunctionLinker {

        private final List<ErrorReporter> reporters = new ArrayList<>();
        private final List<ExecutorAddress> given = new ArrayList<>();
        private final List<ExecutorAddress> taken = new ArrayList<>();

        @Override
        public String name() {
            return "numbering";
        }

        @Override
        public ExecutorAddress bindC(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
            reporters.add(reporter);
            given.add(new ExecutorAddress(reporters.size()));
            return given.getLast();
        }

        @Override
        public void unbindC(ExecutorAddress address) {
            taken.add(address);
        }

        @Override
        public ExecutorAddress bind(WrapperFunction function, CallingConvention convention) {
            throw new AssertionError("nobody binds a wrapper function here");
        }

        @Override
        public void unbind(WrapperFunction function, CallingConvention convention) {
            throw new AssertionError("nobody binds a wrapper function here");
        }

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
}
