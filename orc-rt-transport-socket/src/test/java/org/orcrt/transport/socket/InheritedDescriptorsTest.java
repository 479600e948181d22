// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannel;

/// Two numbers on a command line become a channel, or a text that says what is wrong with them.
class InheritedDescriptorsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SocketProvider provider = new SocketProvider();
    private final int[] pipe = Descriptors.pipe();

    @AfterEach
    void close() {
        for (int fd : pipe) {
            if (Descriptors.isOpen(fd)) {
                Descriptors.close(fd);
            }
        }
    }

    @Test
    void the_provider_serves_fd_and_can_work_here() {
        assertThat(provider.name()).isEqualTo("socket");
        assertThat(provider.schemes()).containsExactlyInAnyOrder("fd", "tcp", "tcp-listen", "unix", "unix-listen");
        assertThat(provider.unavailable()).isEmpty();
    }

    @Test
    void descriptors_are_kept_from_programs_that_jit_d_code_starts() throws Exception {
        try (MessageChannel channel = provider.connect(spec(pipe[0], pipe[1]), TIMEOUT)) {
            assertThat(channel.maxFrameBytes()).isEqualTo(64 << 20);
            for (int fd : pipe) {
                assertThat(SystemCalls.real().fcntl(fd, Linux.F_GETFD, 0)).isEqualTo(Linux.FD_CLOEXEC);
            }
        }
        assertThat(Descriptors.isOpen(pipe[0])).isFalse();
    }

    @Test
    void one_socket_may_be_both() throws Exception {
        int[] ends = Descriptors.socketPair();
        provider.connect(ConnectionSpec.parse("filedescs=%1$d,%1$d".formatted(ends[0])), TIMEOUT)
                .close();
        assertThat(Descriptors.isOpen(ends[0])).isFalse();
        Descriptors.close(ends[1]);
    }

    @Test
    void a_descriptor_that_is_not_open_is_named() {
        Descriptors.close(pipe[0]);
        assertRefused(
                pipe[0],
                pipe[1],
                "descriptor " + pipe[0] + " is not open: EBADF (errno 9); the two numbers must"
                        + " be descriptors that this process inherited");
        assertRefused(pipe[1], 999_999_999, "descriptor " + pipe[1] + " cannot be read");
        int[] other = Descriptors.pipe();
        assertRefused(other[0], 999_999_999, "descriptor 999999999 is not open: EBADF (errno 9)");
        Descriptors.close(other[0]);
        Descriptors.close(other[1]);
    }

    /// A number that was not inherited may be a jar that the JVM has opened meanwhile.
    @Test
    void a_file_of_this_process_is_not_taken_for_an_inherited_descriptor() throws Exception {
        Path file = Files.createTempFile("orc-rt", ".txt");
        try (FileChannel ours = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int fd = descriptorOf(file);
            assertRefused(fd, fd, "descriptor " + fd + " is no pipe or socket but " + file);
            assertThat(ours.write(ByteBuffer.wrap(new byte[1])))
                    .as("still open")
                    .isEqualTo(1);
        } finally {
            Files.delete(file);
        }
    }

    private static int descriptorOf(Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : all.toList()) {
                if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(file)) {
                    return Integer.parseInt(link.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no descriptor of " + file);
    }

    @Test
    void descriptors_the_wrong_way_round_are_named() {
        assertRefused(
                pipe[1],
                pipe[0],
                "descriptor " + pipe[1] + " cannot be read; the first number is the end we"
                        + " read, the second the end we write");
        assertRefused(
                pipe[0],
                pipe[0],
                "descriptor " + pipe[0] + " cannot be written; the first number is the end we"
                        + " read, the second the end we write");
        assertThat(Descriptors.isOpen(pipe[0]) && Descriptors.isOpen(pipe[1])).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3",
                "3,",
                ",3",
                "3,6,7",
                "a,b",
                "-1,3",
                "3,-1",
                "3 6",
                " 3,6",
                "3,6 ",
                "3, 6",
                "0x3,6",
                "1234567890,3",
                "3,99999999999999999999",
                "+3,6",
                "3;6",
                "\u0663,6",
                "3,6\n"
            })
    void a_target_that_is_not_two_numbers_is_quoted(String target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.connect(ConnectionSpec.parse("fd:" + target), TIMEOUT))
                .withMessageContaining("fd:" + target)
                .withMessageContaining("is not IN,OUT, two descriptor numbers");
    }

    @Test
    void llvms_spelling_is_judged_alike_and_quoted_as_it_is_understood() {
        for (String target : new String[] {"3", "x,y", "3,6,9"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> provider.connect(ConnectionSpec.parse("filedescs=" + target), TIMEOUT))
                    .withMessageContaining("fd:" + target)
                    .withMessageContaining("is not IN,OUT, two descriptor numbers");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionSpec.parse("filedescs="))
                .withMessageContaining("filedescs=");
    }

    @Test
    void nobody_can_listen_on_descriptors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.listen(spec(3, 4)))
                .withMessageContaining("cannot listen");
    }

    private void assertRefused(int in, int out, String text) {
        assertThatIOException().isThrownBy(() -> connect(in, out)).withMessageStartingWith(text);
    }

    private void connect(int in, int out) throws IOException {
        provider.connect(spec(in, out), TIMEOUT).close();
    }

    private static ConnectionSpec spec(int in, int out) {
        return ConnectionSpec.parse("fd:%d,%d".formatted(in, out));
    }
}
