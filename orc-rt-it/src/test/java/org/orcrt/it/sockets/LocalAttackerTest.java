// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.TransportException;
import org.orcrt.controller.Controller;
import org.orcrt.it.Skip;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.HandshakeToken;
import org.orcrt.spi.MessageChannel;
import org.orcrt.spi.MessageChannelListener;

/// What another user of the same machine achieves: nothing.
@Tag("L1")
class LocalAttackerTest {

    private static final String NOBODY = "65534";

    @TempDir
    private Path directory;

    /// Where everybody may go, so that what keeps the attacker out is ours and not the test's.
    private Path open;

    @BeforeEach
    void openTheTest() throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            throw Skip.because("only root can become another user; run the tests as root to try the local attacker");
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void sockets_and_the_token_are_closed_to_others() throws Exception {
        ConnectionSpec unix = ConnectionSpec.parse("unix-listen://" + open.resolve("mine/socket"));
        ConnectionSpec tcp = Sockets.TCP.listen(directory);
        Path socket = open.resolve("mine/socket");
        Path token = directory.resolve("token");
        AtomicInteger accepted = new AtomicInteger();
        try (MessageChannelListener first = Controller.builder().listen(unix);
                MessageChannelListener second = Controller.builder().listen(tcp);
                MessageChannelListener llvm =
                        Controller.builder().listen(ConnectionSpec.parse("tcp-listen://127.0.0.1:0?peer=llvm"))) {
            for (MessageChannelListener listener : List.of(first, second, llvm)) {
                Thread.ofPlatform().daemon().start(() -> acceptNobody(listener, accepted));
            }
            List<String> attacks = List.of(
                    "connect", socket.toString(),
                    "list", socket.getParent().toString(),
                    "delete", socket.toString(),
                    "write", socket.resolveSibling("planted").toString(),
                    "read", token.toString(),
                    "write", token.toString(),
                    "delete", token.toString(),
                    "talk", port(second),
                    "talk", port(llvm));
            Process attacker = attack(attacks);
            List<String> lines = attacker.inputReader().readAllLines();
            assertThat(attacker.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(lines).containsExactly("attempts 9 successes 0");
            assertThat(accepted).hasValue(0);
        }
    }

    @Test
    void who_squats_a_path_hears_nothing() throws Exception {
        Path socket = open.resolve("socket");
        Process squatter = attack(List.of("squat", socket.toString()));
        try (BufferedReader out = squatter.inputReader()) {
            assertThat(out.readLine()).isEqualTo("squatting");
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> Controller.builder().connect(ConnectionSpec.parse("unix://" + socket)))
                    .withMessageStartingWith("the peer is user 65534 and we are user 0")
                    .satisfies(failure -> assertThat(failure.isA(TransportException.AUTH_FAILED))
                            .isTrue());
            assertThat(out.readLine()).isEqualTo("attempts 1 successes 0");
            assertThatIOException()
                    .as("a directory that others can enter")
                    .isThrownBy(() -> Controller.builder().listen(ConnectionSpec.parse("unix-listen://" + socket)))
                    .withMessageContaining("others can enter");
        } finally {
            squatter.destroyForcibly();
        }
    }

    @Test
    void a_token_or_a_directory_of_another_user_is_refused() throws Exception {
        Path token = Files.createFile(
                open.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "0".repeat(32));
        Files.setAttribute(token, "unix:uid", Integer.parseInt(NOBODY));
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(token))
                .withMessageContaining("belongs to user 65534 and not to us, user 0");
        Path theirs = Files.createDirectory(
                open.resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(theirs, "unix:uid", Integer.parseInt(NOBODY));
        assertThatIOException()
                .isThrownBy(() -> Controller.builder().listen(ConnectionSpec.parse("unix-listen://" + theirs + "/s")))
                .withMessageContaining("belongs to user 65534; a unix socket needs a directory of our own");
    }

    private static void acceptNobody(MessageChannelListener listener, AtomicInteger accepted) {
        try {
            MessageChannel channel = listener.accept(Duration.ofSeconds(60));
            accepted.incrementAndGet();
            channel.close();
        } catch (IOException closed) {
            // as it should be
        }
    }

    private static String port(MessageChannelListener listener) {
        String target = listener.spec().target();
        return target.substring(target.lastIndexOf(':') + 1);
    }

    /// The attacker's class lies where another user can read it.
    private Process attack(List<String> attacks) throws IOException {
        Path classes = directory.resolve("classes");
        Path tree = Path.of(Attacker.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        for (String name : List.of("Attacker", "Attacker$Attack")) {
            Path from = tree.resolve(Attacker.class.getPackageName().replace('.', '/'))
                    .resolve(name + ".class");
            Path to = classes.resolve(tree.relativize(from));
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        }
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                classes.toString(),
                Attacker.class.getName()));
        command.addAll(attacks);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
