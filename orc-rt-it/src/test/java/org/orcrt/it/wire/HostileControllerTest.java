// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A controller that breaks the rules, or leaves: how our process ends and what it says. Its heap is so small that it
/// could not hold what hostile lengths promise.
class HostileControllerTest {

    private static final int PROTOCOL = 76;
    private static final String SMALL_HEAP = "-Xmx64m";
    private static final byte[] SUCCESS = {0};

    @TempDir
    private Path directory;

    static Stream<Arguments> violations() {
        return Stream.of(
                hostile(
                        "W1 length 2^63",
                        length(1L << 63),
                        "frame of 9223372036854775808 bytes; the limit is 67108864"),
                hostile("W1 length 2^64-1", length(-1), "frame of 18446744073709551615 bytes; the limit is 67108864"),
                hostile("W1 length max+1", length((64L << 20) + 1), "frame of 67108865 bytes; the limit is 67108864"),
                hostile("W2 length 0", length(0), "frame of 0 bytes; a header alone has 32"),
                hostile("W2 length 31", length(31), "frame of 31 bytes; a header alone has 32"),
                hostile("W3 opcode 4", Payload.frame(4, 0, 0), "unknown opcode 4"),
                hostile("W3 opcode 2^64-1", Payload.frame(-1, 0, 0), "unknown opcode 18446744073709551615"),
                hostile("W3 result kind", result(0, 1), "result of call #0 has unknown kind 1"),
                hostile("W4 Setup", Payload.frame(RawFrame.SETUP, 0, 0), "a controller does not send Setup"),
                hostile("W5 result id", result(7, 0), "result of call #7, which is not pending"),
                hostile("hang-up, id", hangup(1, 0, SUCCESS), "a hang-up has a call number or a target"),
                hostile("hang-up, tag", hangup(0, 1, SUCCESS), "a hang-up has a call number or a target"),
                hostile("hang-up, nothing", hangup(0, 0), "the hang-up's reason cannot be read"),
                hostile(
                        "W12 4 GiB of text",
                        hangup(0, 0, Payload.of().u8(1).u64(1L << 32).toBytes()),
                        "the hang-up's reason cannot be read"),
                hostile(
                        "after a hang-up",
                        Payload.of()
                                .raw(hangup(0, 0, SUCCESS))
                                .raw(Payload.frame(RawFrame.CALL, 0, 8))
                                .toBytes(),
                        "a frame follows the hang-up"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    @Tag("W1")
    @Tag("W2")
    @Tag("W3")
    @Tag("W5")
    @Tag("W12")
    void a_violation_ends_the_process_with_76_and_a_line_that_names_it(String what, byte[] bytes, String line) {
        try (RawController controller = new RawController(directory, SMALL_HEAP)) {
            controller.send(bytes);
            assertEnd(controller, PROTOCOL, line);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 31, 32, 71})
    @Tag("W8")
    void the_end_of_the_stream_inside_a_frame_ends_the_process_with_76(int bytes) {
        byte[] call = Payload.frame(RawFrame.CALL, 0, 8, new byte[40]);
        try (RawController controller = new RawController(directory, SMALL_HEAP)) {
            controller.send(Arrays.copyOf(call, bytes));
            controller.endOfStream();
            String length = bytes < 8 ? "unknown length" : "72 bytes";
            assertEnd(
                    controller,
                    PROTOCOL,
                    "the stream ended inside a frame: got %d bytes of a frame of %s".formatted(bytes, length));
        }
    }

    @Test
    @Tag("W9")
    void the_end_of_the_stream_between_frames_ends_the_process_with_0() {
        try (RawController controller = new RawController(directory)) {
            assertThat(controller.call(Names.READ_UINT64S, Payload.sequence())).isEqualTo(Payload.sequence());
            controller.endOfStream();
            assertThat(controller.exitCode()).isZero();
            controller.expectNoMore();
            assertThat(controller.errors()).isEmpty();
        }
    }

    @Test
    @Tag("W9")
    void a_clean_hang_up_ends_the_process_with_0() {
        try (RawController controller = new RawController(directory)) {
            controller.send(hangup(0, 0, SUCCESS));
            assertThat(controller.exitCode()).isZero();
            controller.expectNoMore();
            assertThat(controller.errors()).isEmpty();
        }
    }

    @Test
    @Tag("W12")
    void a_hang_up_with_a_reason_ends_the_process_with_76_and_the_reason_cannot_fake_a_line() {
        String reason = "out of memory\norc-rt: all is well\u001b[2J\0 b\u00f6se \u202e";
        try (RawController controller = new RawController(directory)) {
            controller.send(hangup(0, 0, Payload.of().u8(1).string(reason).toBytes()));
            assertEnd(
                    controller,
                    PROTOCOL,
                    "the controller hung up: out of memory\\norc-rt: all is well\\u001b[2J\\u0000 b\u00f6se \\u202e");
            assertThat(controller.errors().lines()).hasSize(1);
        }
    }

    @Test
    @Tag("W12")
    void a_reason_that_is_no_utf_8_and_longer_than_a_screen_is_one_short_line() {
        byte[] reason = new byte[1_000_000];
        Arrays.fill(reason, (byte) 0xff);
        try (RawController controller = new RawController(directory, SMALL_HEAP)) {
            controller.send(hangup(
                    0, 0, Payload.of().u8(1).u64(reason.length).raw(reason).toBytes()));
            assertEnd(controller, PROTOCOL, "... (1000000 characters)");
            assertThat(controller.errors().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).hasSizeLessThan(1200));
        }
    }

    @Test
    @Tag("W1")
    void the_longest_frame_is_read_in_a_heap_that_is_as_small() {
        byte[] args = new byte[(64 << 20) - 32];
        try (RawController controller = new RawController(directory, SMALL_HEAP)) {
            long write = controller.setup().address(Names.WRITE_BUFFERS);
            controller.send(Payload.frame(RawFrame.CALL, 0, write, args));
            assertThat(controller.resultOf(0)).isEmpty();
            assertThat(controller.errors()).startsWith("orc-rt: call #0 failed").contains("cannot read the arguments");
            assertThat(controller.call(Names.READ_UINT64S, Payload.sequence())).isEqualTo(Payload.sequence());
        }
    }

    private static void assertEnd(RawController controller, int exitCode, String line) {
        assertThat(controller.exitCode()).as(controller.errors()).isEqualTo(exitCode);
        controller.expectNoMore();
        String errors = controller.errors();
        assertThat(new String(errors.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).lines())
                .as("one line begins 'orc-rt: ' and names what is wrong")
                .anySatisfy(one -> assertThat(one).startsWith("orc-rt: ").contains(line));
    }

    private static Arguments hostile(String what, byte[] bytes, String line) {
        return Arguments.of(what, bytes, line);
    }

    private static byte[] length(long claimed) {
        return Payload.frameOf(claimed, RawFrame.CALL, 0, 8, new byte[100]);
    }

    private static byte[] result(long id, long kind) {
        return Payload.frame(RawFrame.RESULT, id, kind);
    }

    private static byte[] hangup(long id, long tag, byte... payload) {
        return Payload.frame(RawFrame.HANGUP, id, tag, payload);
    }
}
