// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.orcrt.it.Project;

/// A controller made of nothing but the format's description: starts our executor, whose standard input and output are
/// the two pipes, and says to it whatever a test wants. Kills it at the end.
final class RawController implements AutoCloseable {

    private static final long ANSWER_SECONDS = 20;
    private static final long EXIT_SECONDS = 10;
    private static final RawFrame END = new RawFrame(-1, -1, -1, new byte[0]);
    private static final RawFrame BROKEN = new RawFrame(-1, -1, -2, new byte[0]);

    private final Process process;
    private final Path stderr;
    private final OutputStream toExecutor;
    private final BlockingQueue<RawFrame> frames = new LinkedBlockingQueue<>();
    private final RawFrame setupFrame;
    private final Setup setup;
    private long nextId;

    /// Starts the executor and waits for its Setup.
    ///
    /// @param directory for its standard error
    /// @param javaOptions for its JVM
    RawController(Path directory, String javaOptions) {
        this(directory, javaOptions, List.of(Project.executor().toString(), "filedescs=0,1"));
    }

    /// As LLVM's controllers start an executor, on descriptors beside the standard streams: a JVM that
    /// crashes says so on its standard output, whatever that is. Here it goes to standard error.
    static RawController besideStandardStreams(Path directory, String javaOptions) {
        String script = "exec \"$0\" filedescs=3,4 3<&0 4>&1 </dev/null 1>&2";
        return new RawController(
                directory,
                javaOptions,
                List.of("sh", "-c", script, Project.executor().toString()));
    }

    private RawController(Path directory, String javaOptions, List<String> command) {
        try {
            stderr = Files.createTempFile(directory, "stderr", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
            builder.environment().put("ORC_RT_JAVA_OPTIONS", javaOptions);
            process = builder.start();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
        toExecutor = process.getOutputStream();
        Thread.ofPlatform().daemon().name("raw-controller").start(this::readAll);
        try {
            setupFrame = next();
            setup = Setup.of(setupFrame);
        } catch (AssertionError noSetup) {
            process.destroyForcibly();
            throw noSetup;
        }
    }

    RawController(Path directory) {
        this(directory, "");
    }

    RawFrame setupFrame() {
        return setupFrame;
    }

    Setup setup() {
        return setup;
    }

    /// Calls a function by name and waits for its answer, which is the next frame.
    byte[] call(String name, byte[] args) {
        return call(setup.address(name), args);
    }

    /// Calls whatever is at an address and waits for its answer, which is the next frame.
    byte[] call(long target, byte[] args) {
        long id = nextId++;
        send(Payload.frame(RawFrame.CALL, id, target, args));
        return resultOf(id);
    }

    /// The payload of the next frame, which is a result.
    byte[] resultOf(long id) {
        RawFrame result = next();
        assertThat(result.opcode()).as("%s\n%s", result, errors()).isEqualTo(RawFrame.RESULT);
        assertThat(result.id()).as("%s", result).isEqualTo(id);
        assertThat(result.tag()).as("%s", result).isZero();
        return result.payload();
    }

    /// Sends bytes. That the executor has gone already is not an error.
    void send(byte... bytes) {
        try {
            toExecutor.write(bytes);
            toExecutor.flush();
        } catch (IOException gone) {
            assertThat(gone).hasMessageContaining("Broken pipe");
        }
    }

    /// Sends no more.
    void endOfStream() {
        try {
            toExecutor.close();
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    /// The next frame; fails if none comes in time.
    RawFrame next() {
        RawFrame frame = nextOrEnd();
        if (frame == END || frame == BROKEN) {
            throw new AssertionError("the executor sends no more; its standard error:\n" + errors());
        }
        return frame;
    }

    /// Fails unless the executor closed its end without a further frame.
    void expectNoMore() {
        assertThat(nextOrEnd()).isSameAs(END);
    }

    /// Waits for the end of the process.
    ///
    /// @return its exit code
    int exitCode() {
        try {
            assertThat(process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS))
                    .as("the executor ends within %d s; its standard error:\n%s", EXIT_SECONDS, errors())
                    .isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// What came on standard error so far.
    String errors() {
        try {
            return Files.readString(stderr);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }

    private RawFrame nextOrEnd() {
        try {
            RawFrame frame = frames.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            assertThat(frame)
                    .as("a frame within %d s; the executor's standard error:\n%s", ANSWER_SECONDS, errors())
                    .isNotNull();
            return frame;
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private void readAll() {
        try (InputStream stream = process.getInputStream()) {
            DataInputStream in = new DataInputStream(stream);
            while (true) {
                byte[] length = new byte[8];
                in.readFully(length);
                long size =
                        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
                byte[] frame = Arrays.copyOf(length, Math.toIntExact(size));
                in.readFully(frame, 8, frame.length - 8);
                frames.add(RawFrame.of(frame));
            }
        } catch (EOFException end) {
            frames.add(END);
        } catch (IOException gone) {
            frames.add(END);
        } catch (RuntimeException | AssertionError broken) {
            System.err.println("RawController: the executor's bytes make no frame: " + broken);
            frames.add(BROKEN);
        }
    }
}
