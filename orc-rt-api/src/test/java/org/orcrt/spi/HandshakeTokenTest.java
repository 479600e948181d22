// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("N4")
class HandshakeTokenTest {

    private static final String DIGITS = "00112233445566778899aabbccddeeff";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {DIGITS, DIGITS + "\n", DIGITS + "\r\n", "00112233445566778899AABBCCDDEEFF\n"})
    void digits_in_a_file_of_ours_are_a_token_that_is_never_printed(String content) throws IOException {
        assertThat(HandshakeToken.read(file(content, "rw-------"))).hasToString("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx------", "rw-rw-rw-"})
    void a_file_that_is_open_to_others_is_refused(String mode) throws IOException {
        Path file = file(DIGITS, mode);
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(file))
                .withMessage("token file %s is open to others; make a new token, with mode 0600", file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "0011", "00112233445566778899aabbccddeefg", DIGITS + "0", DIGITS + DIGITS, " " + DIGITS
            })
    void what_is_no_token_is_not_quoted(String content) throws IOException {
        Path file = file(content, "rw-------");
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(file))
                .withMessageContaining("does not hold 32 hexadecimal digits; make one with: (umask 077;")
                .satisfies(failure -> {
                    assertThat(failure).hasNoCause();
                    assertThat(failure.getMessage()).doesNotContain("00112233");
                });
    }

    @Test
    void a_link_a_directory_and_nothing_are_refused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file(DIGITS, "rw-------"));
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(link))
                .withMessageContaining("is no plain file; name the file itself");
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(directory))
                .withMessageContaining("is no plain file");
        assertThatIOException()
                .isThrownBy(() -> HandshakeToken.read(directory.resolve("none")))
                .withMessageStartingWith("there is no token file " + directory.resolve("none"));
    }

    private Path file(String content, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
