// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.InvalidKeyException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret of 128 bits that both ends know. It comes from a file, never from a command line or the environment, and is
/// never printed. Immutable.
public final class HandshakeToken {

    private static final int BYTES = 16;
    private static final int DIGITS = 2 * BYTES;
    private static final Set<PosixFilePermission> OURS_ALONE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Path SELF = Path.of("/proc/self");

    private final SecretKeySpec key;

    private HandshakeToken(byte[] bytes) {
        key = new SecretKeySpec(bytes, Handshake.MAC);
    }

    /// Takes a token that is in memory already, for example one that came through an inherited descriptor.
    ///
    /// @param bytes 16 bytes; copied before this method returns
    /// @return the token
    public static HandshakeToken of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a token of " + bytes.length + " bytes; it must have " + BYTES);
        }
        return new HandshakeToken(bytes.clone());
    }

    /// Reads a token: 32 hexadecimal digits, with or without a line end. The file must be a plain one, ours,
    /// and closed to everybody else (mode 0600 or 0400).
    ///
    /// @param file its path
    /// @return the token
    /// @throws IOException if the file cannot be read, or others could have read or written it, or no token
    ///     is in it; the text says what to do and nothing of the content
    public static HandshakeToken read(Path file) throws IOException {
        Object before = checkedKey(file);
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(DIGITS + 2);
        }
        if (!Objects.equals(before, checkedKey(file))) {
            throw new IOException("token file " + file + " was replaced while it was read; try again");
        }
        String text = new String(content, StandardCharsets.ISO_8859_1).stripTrailing();
        try {
            if (text.length() == DIGITS) {
                return new HandshakeToken(HexFormat.of().parseHex(text));
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // the text below says so; this one would quote the content
        }
        throw new IOException("token file " + file + " does not hold " + DIGITS
                + " hexadecimal digits; make one with: (umask 077; openssl rand -hex 16 > " + file + ")");
    }

    /// The key for one direction's proof.
    void init(Mac mac) throws InvalidKeyException {
        mac.init(key);
    }

    @Override
    public String toString() {
        return "token";
    }

    /// Sees that the file is ours alone.
    ///
    /// @return which file it is
    private static Object checkedKey(Path file) throws IOException {
        PosixFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException missing) {
            throw new IOException(
                    "there is no token file " + file + "; make one with: (umask 077; openssl rand -hex 16" + " > "
                            + file + ")",
                    missing);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException("token file " + file + " is no plain file; name the file itself, not a link to it");
        }
        if (!OURS_ALONE.containsAll(attributes.permissions())) {
            throw new IOException("token file " + file + " is open to others; make a new token, with mode 0600");
        }
        Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object us = Files.getAttribute(SELF, "unix:uid");
        if (!owner.equals(us)) {
            throw new IOException("token file " + file + " belongs to user " + owner + " and not to us, user " + us
                    + "; make a token of your own");
        }
        return Objects.requireNonNull(attributes.fileKey(), "the system tells files apart");
    }
}
