// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Session;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// The bytes that LLVM's controllers know.
class FrameVectorsTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final String ZERO = "00 00 00 00 00 00 00 00";

    private static final String SETUP_PAYLOAD =
            "18 00 00 00 00 00 00 00 78 38 36 5f 36 34 2d 75 6e 6b 6e 6f 77 6e 2d 6c "
                    + "69 6e 75 78 2d 67 6e 75 00 10 00 00 00 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 6b "
                    + "01 00 00 00 00 00 00 00 76 01 00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 66 6f 6f "
                    + "00 10 00 00 00 00 00 00";
    private static final String HANGUP = "21 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 " + ZERO + " " + ZERO + " 00";
    private static final String CALL =
            "24 00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 90 00 00 00 00 00 00 61 72 67 73";
    private static final String RESULT =
            "22 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 " + ZERO + " 6f 6b";
    private static final String OUT_OF_BAND_RESULT =
            "2b 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 "
                    + "03 00 00 00 00 00 00 00 62 61 64";

    private static final BootstrapInfo INFO = new BootstrapInfo(
            new ProcessInfo("x86_64-unknown-linux-gnu", 4096),
            Map.of("foo", new ExecutorAddress(0x1000)),
            Map.of("k", new byte[] {'v'}));

    @Test
    void the_setup_payload_is_llvms_93_bytes() {
        byte[] payload = SetupMessage.write(INFO).toByteArray();
        assertThat(payload).hasSize(93);
        assertThat(HEX.formatHex(payload)).isEqualTo(SETUP_PAYLOAD);
    }

    @Test
    void names_in_setup_keep_their_order() {
        Map<String, ExecutorAddress> symbols = new LinkedHashMap<>();
        Random random = new Random(7);
        for (int k = 0; k < 100; k++) {
            symbols.put("name" + random.nextLong(), new ExecutorAddress(random.nextLong()));
        }
        SpsReader reader =
                SpsReader.of(SetupMessage.write(new BootstrapInfo(new ProcessInfo("t", 1), symbols, Map.of()))
                        .toByteArray());
        assertThat(reader.readName()).isEqualTo("t");
        assertThat(reader.readU64()).isOne();
        assertThat(reader.readU64()).isZero();
        assertThat(reader.readU64()).isEqualTo(100);
        symbols.forEach((name, address) -> {
            assertThat(reader.readName()).isEqualTo(name);
            assertThat(reader.readAddress()).isEqualTo(address);
        });
        reader.end();
    }

    @Test
    @Tag("WI-1")
    void the_four_frames_are_laid_out_as_llvm_does() {
        assertThat(frame(Opcode.HANGUP, 0, 0, new SpsWriter().success().toByteArray()))
                .isEqualTo(HANGUP);
        assertThat(frame(Opcode.CALL, 1, 0x9000, Frames.ascii("args"))).isEqualTo(CALL);
        assertThat(frame(Opcode.RESULT, 1, 0, Frames.ascii("ok"))).isEqualTo(RESULT);
        assertThat(frame(Opcode.RESULT, 1, 1, new SpsWriter().text("bad").toByteArray()))
                .isEqualTo(OUT_OF_BAND_RESULT);
    }

    @Test
    void what_was_laid_out_is_read_back_at_any_offset() {
        Random random = new Random(11);
        MemorySegment place = MemorySegment.ofArray(new byte[64]);
        for (int round = 0; round < 1000; round++) {
            long opcode = random.nextLong();
            long callId = random.nextLong();
            long target = random.nextLong();
            int offset = random.nextInt(33);
            FrameLayout.putHeader(place, offset, 32, opcode, callId, target);
            assertThat(FrameLayout.opcode(place, offset)).isEqualTo(opcode);
            assertThat(FrameLayout.callId(place, offset)).isEqualTo(callId);
            assertThat(FrameLayout.target(place, offset)).isEqualTo(target);
        }
    }

    @Test
    @Tag("WI-1")
    @Tag("WI-2")
    void a_connection_sends_exactly_these_bytes() throws Exception {
        QueueChannel channel = new QueueChannel(4096);
        Connection connection = new Connection(channel, Frames.STRICT, 4, failure -> {});
        connection.attach(new RecordingPort(), INFO);
        assertThat(HEX.formatHex(channel.nextSent()))
                .isEqualTo("7d 00 00 00 00 00 00 00 " + ZERO + " " + ZERO + " " + ZERO + " " + SETUP_PAYLOAD);

        Outcomes outcomes = new Outcomes();
        MemorySegment args = MemorySegment.ofArray(Frames.ascii("args"));
        HandlerTag tag = new HandlerTag(0x9000);
        connection.callController(tag, args, 0, 4, outcomes, 0, Session.NO_TIMEOUT);
        channel.nextSent();
        connection.callController(tag, args, 0, 4, outcomes, 0, Session.NO_TIMEOUT);
        assertThat(HEX.formatHex(channel.nextSent())).isEqualTo(CALL);

        connection.sendWrapperResult(MemorySegment.ofArray(Frames.ascii("..ok..")), 2, 2, 1);
        assertThat(HEX.formatHex(channel.nextSent())).isEqualTo(RESULT);

        connection.sendOutOfBandError("bad", 1);
        assertThat(HEX.formatHex(channel.nextSent())).isEqualTo(OUT_OF_BAND_RESULT);

        channel.receive(HEX.parseHex(OUT_OF_BAND_RESULT));
        assertThat(outcomes.next()).isEqualTo(new Outcomes.Outcome(CallStatus.OUT_OF_BAND_ERROR, "bad", 0));
        connection.disconnect();
    }

    private static String frame(long opcode, long callId, long target, byte[] payload) {
        MemorySegment place = MemorySegment.ofArray(new byte[32 + payload.length + 5]);
        FrameLayout.putHeader(place, 5, 32 + payload.length, opcode, callId, target);
        MemorySegment.copy(MemorySegment.ofArray(payload), 0, place, 5 + FrameLayout.HEADER_BYTES, payload.length);
        return HEX.formatHex((byte[]) place.heapBase().orElseThrow(), 5, (int) place.byteSize());
    }
}
