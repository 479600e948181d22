// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.OrcException;
import org.orcrt.api.ProcessInfo;
import org.orcrt.api.Task;
import org.orcrt.api.TransportException;
import org.orcrt.it.Llvm;
import org.orcrt.spi.FrameSink;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.SessionPort;
import org.orcrt.sps.SpsReader;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Llvm22;

/// Our code over the bytes that real LLVM exchanged a moment ago: llvm-jitlink 22 with its own executor, in plain mode
/// and with the ORC runtime. LLVM missing is a skip.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapturedTrafficTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    private final List<Tap> taps = new ArrayList<>();
    private Tap plain;

    @BeforeAll
    void capture() throws Exception {
        Llvm llvm = new Llvm(directory);
        plain = Tap.run(Files.createDirectory(directory.resolve("plain")), llvm, List.of());
        taps.add(plain);
        taps.add(Tap.run(
                Files.createDirectory(directory.resolve("runtime")),
                llvm,
                List.of("--orc-runtime=" + llvm.orcRuntime())));
    }

    @Test
    void the_captured_runs_were_real() {
        for (Tap tap : taps) {
            assertThat(tap.run().exitCode()).as("%s", tap.run()).contains(42);
            assertThat(tap.run().stdout()).isEqualTo("captured one of 2\n");
            assertThat(RawFrame.all(tap.toExecutor())).hasSizeGreaterThanOrEqualTo(6);
            assertThat(RawFrame.all(tap.toController())).hasSizeGreaterThanOrEqualTo(7);
        }
    }

    @Test
    void every_frame_of_both_directions_is_cut_out_whole() {
        for (Tap tap : taps) {
            assertCut(tap.toExecutor());
            assertCut(tap.toController());
        }
    }

    @Test
    void every_frame_that_is_laid_out_again_is_the_same() {
        for (Tap tap : taps) {
            for (byte[] stream : new byte[][] {tap.toExecutor(), tap.toController()}) {
                Payload again = Payload.of();
                RawFrame.all(stream).forEach(frame -> again.raw(frame.toBytes()));
                assertThat(again.toBytes()).isEqualTo(stream);
            }
        }
    }

    @Test
    void the_setup_of_llvms_executor_read_and_sent_by_us_is_the_same_frame() throws Exception {
        for (Tap tap : taps) {
            byte[] theirs = RawFrame.all(tap.toController()).getFirst().toBytes();
            BootstrapInfo info = readSetup(theirs);
            assertThat(info.symbols()).containsKeys(Names.all().toArray(String[]::new));
            try (SocketEnd peer = new SocketEnd()) {
                Connection connection = new Connection(peer.channel(), Llvm22.DIALECT, 4, failure -> {});
                CountDownLatch ended = new CountDownLatch(1);
                connection.attach(portThatTells(ended), info);
                assertThat(peer.receive(theirs.length)).isEqualTo(theirs);
                connection.disconnect();
                assertThat(ended.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void arguments_and_results_that_our_code_reads_and_writes_again_are_the_same_bytes() {
        for (Tap tap : taps) {
            Map<Long, String> names = new HashMap<>();
            Setup.of(RawFrame.all(tap.toController()).getFirst())
                    .symbols()
                    .forEach((name, address) -> names.put(address, name));
            Map<Long, String> pending = new HashMap<>();
            TreeSet<String> seen = new TreeSet<>();
            for (RawFrame call : RawFrame.all(tap.toExecutor())) {
                String name = call.opcode() == RawFrame.CALL ? names.get(call.tag()) : null;
                if (name != null) {
                    Codec codec = Codec.BY_NAME.get(name);
                    assertThat(codec).as(name).isNotNull();
                    assertThat(Codec.again(codec.args(), call.payload()))
                            .as("arguments of %s", name)
                            .isEqualTo(call.payload());
                    pending.put(call.id(), name);
                    seen.add(name);
                }
            }
            for (RawFrame result : RawFrame.all(tap.toController())) {
                String name = result.opcode() == RawFrame.RESULT ? pending.remove(result.id()) : null;
                if (name != null) {
                    assertThat(Codec.again(Codec.BY_NAME.get(name).result(), result.payload()))
                            .as("result of %s", name)
                            .isEqualTo(result.payload());
                }
            }
            assertThat(pending).as("calls without a result").isEmpty();
            assertThat(seen).contains(Names.RESERVE, Names.INITIALIZE, Names.RESOLVE, Names.OPEN, Names.RELEASE);
            if (tap == plain) {
                assertThat(seen).contains(Names.RUN_AS_MAIN);
            }
        }
    }

    @Test
    @Tag("W8")
    void a_controller_that_dies_at_any_byte_is_told_from_one_that_ends() {
        for (Tap tap : taps) {
            byte[] stream = tap.toExecutor();
            List<RawFrame> frames = RawFrame.all(stream);
            int whole = 0;
            int start = 0;
            for (int cut = 0; cut <= stream.length; cut++) {
                while (whole < frames.size() && cut - start >= frames.get(whole).sizeBytes()) {
                    start += frames.get(whole).sizeBytes();
                    whole++;
                }
                String end = start == cut ? "" : "the stream ended inside a frame: got %d bytes".formatted(cut - start);
                int[] got = {0};
                String said = endOf(stream, cut, (bytes, offset, frameBytes) -> got[0]++);
                if (got[0] != whole || !said.startsWith(end) || said.isEmpty() != end.isEmpty()) {
                    throw new AssertionError("cut at %d: %d frames, then '%s'; expected %d, then '%s'"
                            .formatted(cut, got[0], said, whole, end));
                }
            }
            assertThat(whole).isEqualTo(frames.size());
        }
    }

    private static void assertCut(byte[] stream) {
        List<RawFrame> frames = RawFrame.all(stream);
        List<byte[]> got = new ArrayList<>();
        FrameSink sink = (bytes, offset, frameBytes) ->
                got.add(bytes.asSlice(offset, frameBytes).toArray(ValueLayout.JAVA_BYTE));
        assertThat(endOf(stream, stream.length, sink)).isEmpty();
        assertThat(got).hasSameSizeAs(frames);
        for (int k = 0; k < got.size(); k++) {
            assertThat(got.get(k)).as("frame %d", k).isEqualTo(frames.get(k).toBytes());
        }
    }

    /// Sends the first bytes of a stream through a channel of ours.
    ///
    /// @return what the channel said at the end, nothing if that was orderly
    private static String endOf(byte[] stream, int length, FrameSink sink) {
        try (SocketEnd peer = new SocketEnd();
                MessageChannel channel = peer.channel()) {
            for (int at = 0; at < length; at += 65_536) {
                peer.send(stream, at, Math.min(length, at + 65_536));
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
                channel.poll(sink, Integer.MAX_VALUE);
            }
            peer.endOfStream();
            long deadlineNs = System.nanoTime() + BOUND.toNanos();
            int frames = 0;
            while (frames != MessageChannel.GONE) {
                assertThat(System.nanoTime()).isLessThan(deadlineNs);
                channel.sleep(MessageChannel.RESULT, BOUND.toNanos());
                frames = channel.poll(sink, 64);
            }
            return "";
        } catch (TransportException failure) {
            assertThat(failure.isA(TransportException.PEER_GONE)).isTrue();
            return String.valueOf(failure.getMessage());
        }
    }

    private static BootstrapInfo readSetup(byte[] frame) {
        SpsReader in = new SpsReader().over(MemorySegment.ofArray(frame), 32, frame.length - 32);
        ProcessInfo process = new ProcessInfo(in.readName(), in.readU64());
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (long left = in.readCount(16); left > 0; left--) {
            values.put(in.readName(), in.readBytes());
        }
        Map<String, ExecutorAddress> symbols = new LinkedHashMap<>();
        for (long left = in.readCount(16); left > 0; left--) {
            symbols.put(in.readName(), in.readAddress());
        }
        in.end();
        return new BootstrapInfo(process, symbols, values);
    }

    private static SessionPort portThatTells(CountDownLatch ended) {
        return new SessionPort() {
            @Override
            public Task onWrapperCall(long target, MemorySegment args, long offset, long length, long callId) {
                throw new AssertionError("nobody calls");
            }

            @Override
            public void dispatch(Task run) {
                throw new AssertionError("nobody calls");
            }

            @Override
            public void onDisconnected(OrcException failure) {
                ended.countDown();
            }
        };
    }
}
