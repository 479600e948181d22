// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.orcrt.ffm.Errno;

/// The file of a unix socket that listens, in a directory that only we can enter. No link is followed.
///
/// @param path the socket
/// @param key which file it is, so that nobody else's is removed
record UnixSocketFile(Path path, Object key) {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final int TYPE_BITS = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    /// Makes the place ready: a directory of ours, and in it no socket that nobody listens on any more.
    ///
    /// @throws IOException if others can enter the directory, or something else is in the way
    static void prepare(Sockets sockets, Place.Unix place) throws IOException {
        Path directory = place.path().getParent();
        if (directory == null) {
            throw new IOException("a unix socket needs a directory of its own; '" + place.path() + "' names none");
        }
        checkDirectory(sockets, directory);
        Path file = place.path();
        @Nullable BasicFileAttributes there = attributes(file);
        if (there == null) {
            return;
        }
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_BITS) != SOCKET_TYPE) {
            throw new IOException(file + " is there already and is no socket; take it away, or choose another path");
        }
        if (isAnswered(sockets, place)) {
            throw new IOException(file + " is taken: somebody listens there; choose another path");
        }
        Files.deleteIfExists(file);
    }

    /// Notes which file a listener that was just bound has made, and closes it to others.
    static UnixSocketFile made(Place.Unix place) throws IOException {
        Path path = place.path();
        Files.setPosixFilePermissions(
                path, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        return new UnixSocketFile(path, key(Objects.requireNonNull(attributes(path), "bound")));
    }

    /// Takes the file away, if it is still the same one.
    void remove() {
        try {
            @Nullable BasicFileAttributes there = attributes(path);
            if (there != null && key(there).equals(key)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException unreadable) {
            // then it stays: the next listener there finds that nobody answers
        }
    }

    private static void checkDirectory(Sockets sockets, Path directory) throws IOException {
        if (attributes(directory) == null) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OURS_ALONE));
        }
        PosixFileAttributes attributes =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory()) {
            throw new IOException(directory + " is no directory; a unix socket needs one, and no link to one");
        }
        int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!sockets.isOurs(Integer.toUnsignedLong(owner))) {
            throw new IOException(directory + " belongs to user " + owner
                    + "; a unix socket needs a directory of our own, with mode 0700");
        }
        if (!OURS_ALONE.containsAll(attributes.permissions())) {
            throw new IOException("others can enter " + directory + " (mode "
                    + PosixFilePermissions.toString(attributes.permissions())
                    + "); a unix socket needs a directory of its own: chmod 700 it, or name one that does not exist");
        }
    }

    private static boolean isAnswered(Sockets sockets, Place.Unix place) throws IOException {
        int fd = sockets.open(place);
        try {
            // a full queue is an answer, too
            return sockets.connectOnce(fd, place) != -Errno.ECONNREFUSED;
        } finally {
            sockets.calls().close(fd);
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private static Object key(BasicFileAttributes attributes) {
        return Objects.requireNonNull(attributes.fileKey(), "the system tells files apart");
    }
}
