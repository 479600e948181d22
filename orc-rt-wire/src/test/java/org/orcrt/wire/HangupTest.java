// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.TransportException;

/// The last frame of a controller, and the text that it may bring.
class HangupTest {

    private static final long SEED = 20_260_302;
    private static final String INTRODUCTION = "the controller hung up: ";

    private final FrameReceiver receiver =
            new FrameReceiver(Llvm22.DIALECT, new PendingCalls(1, failure -> {}), new RecordingPort());

    @Test
    void a_hang_up_without_a_reason_is_orderly() {
        assertThat(receiver.isHungUp()).isFalse();
        Frames.deliver(receiver, Frames.hangup());
        assertThat(receiver.isHungUp()).isTrue();
        assertThat(receiver.hangupReason()).isNull();
    }

    @Test
    void a_reason_becomes_an_error() {
        OrcException reason = reasonOf(Frames.ascii("out of memory"));
        assertThat(reason).isInstanceOf(TransportException.class).hasMessage(INTRODUCTION + "out of memory");
        assertThat(reason.isA(TransportException.PEER_GONE)).isTrue();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a call number", Frames.frame(Frames.HANGUP, 1, 0, (byte) 0), "call number or a target"),
                Arguments.of("a target", Frames.frame(Frames.HANGUP, 0, -1, (byte) 0), "call number or a target"),
                Arguments.of("no payload", Frames.frame(Frames.HANGUP, 0, 0), "reason cannot be read"),
                Arguments.of("flag 2", Frames.frame(Frames.HANGUP, 0, 0, (byte) 2), "reason cannot be read"),
                Arguments.of(
                        "a byte too many", Frames.frame(Frames.HANGUP, 0, 0, (byte) 0, (byte) 0), "cannot be read"),
                Arguments.of("no text", Frames.frame(Frames.HANGUP, 0, 0, (byte) 1), "reason cannot be read"),
                Arguments.of("a text cut short", lying(4, "bad"), "reason cannot be read"),
                Arguments.of("a text too long", lying(2, "bad"), "reason cannot be read"),
                Arguments.of("a text of 4 GiB", lying(1L << 32, "bad"), "reason cannot be read"),
                Arguments.of("a text of 2^63 bytes", lying(Long.MIN_VALUE, "bad"), "reason cannot be read"));
    }

    @ParameterizedTest(name = "{0}")
    @Tag("WI-6")
    @MethodSource("malformed")
    @Tag("W12")
    void a_malformed_hang_up_is_a_violation_and_no_hang_up(String what, byte[] frame, String text) {
        assertThatExceptionOfType(TransportException.class)
                .as(what)
                .isThrownBy(() -> Frames.deliver(receiver, frame))
                .withMessageContaining(text)
                .satisfies(violation -> assertThat(violation.isA(TransportException.PROTOCOL_VIOLATION))
                        .isTrue());
        assertThat(receiver.isHungUp()).isFalse();
    }

    @Test
    void nothing_may_follow_a_hang_up() {
        Frames.deliver(receiver, Frames.hangup());
        byte[][] frames = {Frames.frame(Frames.CALL, 0, 8), Frames.hangup(), Frames.result(0), Frames.frame(9, 0, 0)};
        for (byte[] frame : frames) {
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> Frames.deliver(receiver, frame))
                    .withMessage("protocol violation by the peer: a frame follows the hang-up");
        }
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
                Arguments.of("a\\nb", "a\\\\nb"),
                Arguments.of("NUL \0 in the midst", "NUL \\u0000 in the midst"),
                Arguments.of("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"),
                Arguments.of("\u0007\u007f\u0085\u009b", "\\u0007\\u007f\\u0085\\u009b"),
                Arguments.of("\u2028\u2029", "\\u2028\\u2029"),
                Arguments.of("\u202enimda\u202c \u200b\ufeff", "\\u202enimda\\u202c \\u200b\\ufeff"),
                Arguments.of("K\u00e4se \u65e5\u672c \ud83d\ude00", "K\u00e4se \u65e5\u672c \ud83d\ude00"));
    }

    @ParameterizedTest
    @Tag("WI-8")
    @MethodSource("texts")
    @Tag("W12")
    void a_reason_cannot_fake_a_line_or_drive_a_terminal(String text, String escaped) {
        assertThat(reasonOf(text.getBytes(StandardCharsets.UTF_8))).hasMessage(INTRODUCTION + escaped);
    }

    @Test
    @Tag("W12")
    void bytes_that_are_no_utf_8_become_replacement_characters() {
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc0, (byte) 0x80, 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80};
        String message = String.valueOf(reasonOf(bytes).getMessage());
        assertThat(message).matches(INTRODUCTION + "a\ufffd+b\ufffd+");
    }

    @Test
    @Tag("WI-8")
    @Tag("W12")
    void a_long_reason_is_cut_and_says_how_long_it_was() {
        assertThat(reasonOf(Frames.ascii("x".repeat(100_000))))
                .hasMessage(INTRODUCTION + "x".repeat(PeerText.MAX_CHARS) + "... (100000 characters)");
    }

    @Test
    @Tag("W12")
    void a_hundred_thousand_random_reasons_give_one_printable_line_each() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes = randomText(random).getBytes(StandardCharsets.UTF_8);
            }
            String message = String.valueOf(reasonOf(bytes).getMessage());
            if (message.chars().anyMatch(HangupTest::isHidden)) {
                throw new AssertionError("seed %d, round %d: %s".formatted(SEED, round, message));
            }
        }
    }

    private static OrcException reasonOf(byte[] text) {
        FrameReceiver receiver =
                new FrameReceiver(Llvm22.DIALECT, new PendingCalls(1, failure -> {}), new RecordingPort());
        Frames.deliver(receiver, Frames.hangup(text));
        OrcException reason = receiver.hangupReason();
        if (reason == null) {
            throw new AssertionError("no reason");
        }
        return reason;
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            text.appendCodePoint(random.nextInt(0x110000));
        }
        return text.toString();
    }

    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static byte[] lying(long length, String text) {
        return Frames.frame(Frames.HANGUP, 0, 0, Frames.flagged(1, length, Frames.ascii(text)));
    }
}
