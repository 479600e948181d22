// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.Execution;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.NativeLibraries;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

class DylibsTest {

    private static final int EXPORTED = 0x10;

    private static final Map<String, Long> PUBLISHED =
            Map.of("keep_function", 0x5000L, "cos", 0x6000L, "zähler", 0x7000L, "quick_exit", 0x8000L, "puts", 0L);

    private final Dylibs dylibs = new Dylibs(
            Map.of(NativeLibraries.symbol(NativeLibraries.PROCESS, "exit"), 0x1234L),
            name -> PUBLISHED.getOrDefault(name, 0L));

    @Test
    void the_empty_path_is_the_whole_process_with_the_c_and_cxx_libraries() {
        long handle = open("", 0).handle();
        SpsReader found =
                resolve(handle, "malloc", "printf", "__cxa_throw", "_Unwind_Resume", "sin", "__register_frame");
        for (int k = 0; k < 6; k++) {
            assertThat(found.readBool()).isTrue();
            assertThat(found.readU64()).isNotZero();
            assertThat(found.readU8()).isEqualTo(EXPORTED);
            assertThat(found.readU8()).isZero();
        }
        found.end();
    }

    @Test
    void a_missing_symbol_is_no_value_if_required_and_null_if_weak() {
        SpsWriter args = new SpsWriter().u64(0).count(3);
        args.name("no_such_symbol_of_ours").bool(true);
        args.name("no_such_symbol_of_ours").bool(false);
        args.name("").bool(false);
        SpsReader found = Calls.call(function(Service.DYLIB_RESOLVE), args).read();
        assertThat(found.readBool()).as("a value").isTrue();
        assertThat(found.readCount(1)).isEqualTo(3);
        assertThat(found.readBool()).as("required").isFalse();
        assertThat(found.readBool()).as("weak").isTrue();
        assertThat(found.readU64()).isZero();
        found.skip(2);
        assertThat(found.readBool()).as("no name").isFalse();
        found.end();
    }

    @Test
    void one_look_up_may_find_one_name_and_miss_a_weak_one() {
        SpsWriter args = new SpsWriter().u64(0).count(2);
        args.name("malloc").bool(true);
        args.name("no_such_symbol_of_ours").bool(false);
        SpsReader found = Calls.call(function(Service.DYLIB_RESOLVE), args).read();
        assertThat(found.readBool()).as("a value").isTrue();
        assertThat(found.readCount(1)).isEqualTo(2);
        assertThat(found.readBool()).as("malloc").isTrue();
        assertThat(found.readU64()).isEqualTo(NativeLibraries.symbol(NativeLibraries.PROCESS, "malloc"));
        found.skip(2);
        assertThat(found.readBool()).as("weak").isTrue();
        assertThat(found.readU64()).isZero();
        found.skip(2);
        found.end();
    }

    @Test
    void jit_code_does_not_get_the_process_exit() {
        SpsReader found = resolve(0, "exit");
        assertThat(found.readBool()).isTrue();
        assertThat(found.readU64()).isEqualTo(0x1234);
    }

    @Test
    void jit_code_links_against_what_plug_ins_published_before_what_the_process_has() {
        SpsReader found = resolve(0, "keep_function", "cos", "zähler", "quick_exit");
        for (long address : new long[] {0x5000, 0x6000, 0x7000, 0x8000}) {
            assertThat(found.readBool()).isTrue();
            assertThat(found.readU64()).isEqualTo(address);
            assertThat(found.readU8()).isEqualTo(EXPORTED);
            found.skip(1);
        }
        found.end();
        SpsReader others = resolve(0, "puts", "sin");
        for (String name : new String[] {"puts", "sin"}) {
            assertThat(others.readBool()).isTrue();
            assertThat(others.readU64()).isEqualTo(NativeLibraries.symbol(NativeLibraries.PROCESS, name));
            others.skip(2);
        }
    }

    @Test
    void a_library_has_its_own_symbols_only() {
        long handle = open("libm.so.6", 0).handle();
        SpsReader found = resolve(handle, "cos", "keep_function");
        assertThat(found.readBool()).isTrue();
        assertThat(found.readU64()).isEqualTo(NativeLibraries.symbol(handle, "cos"));
        found.skip(2);
        assertThat(found.readBool()).as("keep_function").isFalse();
    }

    @Test
    void a_library_is_opened_and_its_symbols_found() {
        long handle = open("libm.so.6", 0).handle();
        SpsReader found = resolve(handle, "cos");
        assertThat(found.readBool()).isTrue();
        assertThat(found.readU64()).isNotZero();
    }

    @Test
    void no_look_up_runs_on_the_thread_that_reads_because_the_loader_may_wait_for_the_controller() {
        assertThat(function(Service.DYLIB_RESOLVE).execution()).isNotEqualTo(Execution.LEAF);
        assertThat(function(Service.DYLIB_OPEN).execution()).isEqualTo(Execution.OWN_THREAD);
    }

    @Test
    @Tag("W12")
    void a_name_with_a_nul_is_not_cut_to_another_name() {
        SpsWriter args = new SpsWriter().u64(0).count(1).name("malloc\0x").bool(true);
        SpsReader found = Calls.call(function(Service.DYLIB_RESOLVE), args).read();
        assertThat(found.readBool()).isTrue();
        assertThat(found.readCount(1)).isEqualTo(1);
        assertThat(found.readBool()).isFalse();
        assertThat(open("libm.so.6\0x", 0).error()).contains("NUL");
    }

    @Test
    void a_library_that_is_not_there_and_unknown_modes_are_errors_in_band() {
        assertThat(open("/no/such/library.so", 0).error()).contains("/no/such/library.so");
        assertThat(open("", 1).error()).isEqualTo("open: non-zero mode bits are not supported: 0x1");
    }

    @Test
    void arguments_that_cannot_be_read_are_an_out_of_band_error() {
        Calls.Answer answer = Calls.call(
                function(Service.DYLIB_RESOLVE), new SpsWriter().u64(0).u64(1L << 60));
        assertThat(answer.bytes).isNull();
        assertThat(answer.error).startsWith("cannot read the arguments: malformed SPS at byte 8");
    }

    private record Opened(long handle, String error) {}

    private Opened open(String path, long mode) {
        SpsWriter args = new SpsWriter().address(dylibs.instance()).text(path).u64(mode);
        SpsReader result = Calls.call(function(Service.DYLIB_OPEN), args).read();
        return result.readBool() ? new Opened(result.readU64(), "") : new Opened(-1, result.readText());
    }

    private SpsReader resolve(long handle, String... names) {
        SpsWriter args = new SpsWriter().u64(handle).count(names.length);
        for (String name : names) {
            args.text(name).bool(true);
        }
        SpsReader result = Calls.call(function(Service.DYLIB_RESOLVE), args).read();
        assertThat(result.readBool()).isTrue();
        assertThat(result.readCount(1)).isEqualTo(names.length);
        return result;
    }

    private WrapperFunction function(Service service) {
        return dylibs.functions().get(service);
    }
}
