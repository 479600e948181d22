// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannelListener;

/// What a spec may say, and what is said about one that is wrong.
class SocketSpecTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SocketProvider provider = new SocketProvider();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp://127.0.0.1:1 | tcp between ends of ours needs token-file=PATH",
                "tcp-listen://127.0.0.1:0 | tcp between ends of ours needs token-file=PATH",
                "tcp://127.0.0.1:0?peer=llvm | only an end that listens may have port 0",
                "tcp://127.0.0.1?peer=llvm | is not //HOST:PORT, with [HOST] for IPv6",
                "tcp:127.0.0.1:1?peer=llvm | is not //HOST:PORT",
                "tcp://127.0.0.1:65536?peer=llvm | is not //HOST:PORT",
                "tcp://127.0.0.1:x?peer=llvm | is not //HOST:PORT",
                "tcp://::1:1?peer=llvm | is not //HOST:PORT",
                "tcp-listen://0.0.0.0:0?peer=llvm | 0.0.0.0 is not a loopback address",
                "tcp://192.0.2.1:1?peer=llvm | add allow-network=true if that is meant",
                "tcp://192.0.2.1:1?peer=llvm&allow-network=yes | add allow-network=true if that is meant",
                "tcp-listen://[::]:0?peer=llvm | is not a loopback address",
                "tcp://127.0.0.1:1?peer=llvm&token-file=/x | an LLVM tool knows no token",
                "tcp://127.0.0.1:1?peer=llvm&size=3 | option 'size' is not for tcp; known: peer, token-file, allow-network",
                "unix:///x?allow-network=true | option 'allow-network' is not for unix; known: peer, token-file",
                "unix:///x?peer=llvm | LLVM's tools know no unix sockets",
                "unix://x | is not ///PATH, the absolute path of a socket",
                "unix:/x | is not ///PATH",
                "unix:///x/ | is not ///PATH"
            })
    void a_wrong_spec_is_quoted_with_the_remedy(String text, String why) {
        ConnectionSpec spec = ConnectionSpec.parse(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(spec))
                .withMessageStartingWith("in connection spec '" + spec + "': ")
                .withMessageContaining(why);
    }

    @Test
    void the_two_ends_are_not_mixed_up() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.connect(ConnectionSpec.parse("unix-listen:///x"), TIMEOUT))
                .withMessageContaining("an end that listens accepts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.listen(ConnectionSpec.parse("unix:///x/y")))
                .withMessageContaining("write unix-listen:///x/y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp-listen://localhost:0", "tcp-listen://127.0.0.1:0", "tcp-listen://127.8.8.8:0"})
    void a_listener_tells_its_real_port_and_keeps_the_options(String text) throws IOException {
        String options = "?token-file=" + Places.tokenFile(directory);
        try (MessageChannelListener listener = provider.listen(ConnectionSpec.parse(text + options))) {
            assertThat(listener.spec().toString()).matches("tcp://127[0-9.]+:[1-9][0-9]*\\Q" + options + "\\E");
        }
    }

    @Test
    void a_place_that_is_taken_is_named() throws IOException {
        String options = "?token-file=" + Places.tokenFile(directory);
        try (MessageChannelListener first =
                provider.listen(ConnectionSpec.parse("tcp-listen://127.0.0.1:0" + options))) {
            ConnectionSpec same =
                    ConnectionSpec.parse("tcp-listen:" + first.spec().target() + options);
            assertThatIOException()
                    .isThrownBy(() -> provider.listen(same))
                    .withMessageContaining("somebody listens there already");
        }
        assertThatIOException()
                .isThrownBy(
                        () -> provider.connect(ConnectionSpec.parse("unix://" + directory.resolve("none")), TIMEOUT))
                .withMessageContaining("there is no such socket");
    }

    @Test
    void a_path_that_the_kernel_cannot_have_is_refused_and_the_longest_works() throws IOException {
        int room = 107 - directory.resolve("d/").toString().length() - 1;
        ConnectionSpec fits = ConnectionSpec.parse("unix-listen://" + directory.resolve("d/" + "s".repeat(room)));
        provider.listen(fits).close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.listen(ConnectionSpec.parse(fits + "s")))
                .withMessageContaining("has at most 107 bytes")
                .withMessageContaining("has 108");
    }

    @Test
    void a_directory_that_others_can_enter_is_refused_and_a_missing_one_is_made() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx--x---"));
        assertThatIOException()
                .isThrownBy(() -> provider.listen(ConnectionSpec.parse("unix-listen://" + open.resolve("s"))))
                .withMessageContaining("others can enter " + open + " (mode rwx--x---)");
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        assertThatIOException()
                .isThrownBy(() -> provider.listen(ConnectionSpec.parse("unix-listen://" + link.resolve("s"))))
                .withMessageContaining("is no directory");
        Path made = directory.resolve("made");
        try (MessageChannelListener listener =
                provider.listen(ConnectionSpec.parse("unix-listen://" + made.resolve("s")))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve("s"))))
                    .isEqualTo("rw-------");
            assertThat(listener.spec()).hasToString("unix://" + made.resolve("s"));
        }
        assertThat(made).isEmptyDirectory();
    }

    @Test
    void only_a_socket_that_nobody_answers_is_replaced() throws IOException {
        ConnectionSpec spec = Places.listen("unix", directory);
        Path path = Path.of(spec.target().substring(2));
        try (MessageChannelListener first = provider.listen(spec)) {
            assertThatIOException()
                    .isThrownBy(() -> provider.listen(spec))
                    .withMessageContaining("is taken: somebody listens there");
            assertThat(first.spec().scheme()).isEqualTo("unix");
            Files.move(path, path.resolveSibling("moved"));
        }
        Path moved = path.resolveSibling("moved");
        assertThat(moved)
                .as("a file that is not at its place any more is not ours to remove")
                .exists();
        Files.move(moved, path);
        try (MessageChannelListener second = provider.listen(spec)) {
            assertThat(path).exists();
            assertThat(second.spec()).hasToString("unix://" + path);
        }
        Files.writeString(path, "precious");
        assertThatIOException()
                .isThrownBy(() -> provider.listen(spec))
                .withMessageContaining("is there already and is no socket");
        assertThat(path).hasContent("precious");
    }

    /// Neither the link nor what it leads to is touched.
    @Test
    void a_link_in_the_place_of_the_socket_is_refused() throws IOException {
        ConnectionSpec spec = Places.listen("unix", directory);
        provider.listen(spec).close();
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path link = Files.createSymbolicLink(Path.of(spec.target().substring(2)), victim);
        assertThatIOException().isThrownBy(() -> provider.listen(spec)).withMessageContaining("is no socket");
        assertThat(victim).hasContent("precious");
        assertThat(link).isSymbolicLink();
    }

    private void open(ConnectionSpec spec) throws IOException {
        if (spec.isListening()) {
            provider.listen(spec).close();
        } else {
            provider.connect(spec, TIMEOUT).close();
        }
    }
}
