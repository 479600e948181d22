// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Sees when the last process has let the other end of a TCP connection go. LLVM 22's `llvm-jitlink` closes its socket
/// at the end of a session while a thread of its own still reads from it: the kernel then sends nothing, that thread
/// waits for us, and we would wait for it. Used by the reader alone.
final class PeerWatch implements BooleanSupplier {

    private static final Path PROCESSES = Path.of("/proc");

    private final String socket;

    /// A descriptor that is the socket, when it was last seen.
    private Path holder;

    private PeerWatch(String socket, Path holder) {
        this.socket = socket;
        this.holder = holder;
    }

    /// Looks for the process at the other end.
    ///
    /// @param fd a connected TCP socket of ours
    /// @return the watch, or `null` if that process is elsewhere, or cannot be seen
    static @Nullable PeerWatch of(int fd) {
        try {
            Optional<LoopbackPeer> peer = LoopbackPeer.of(fd);
            if (peer.isEmpty()) {
                return null;
            }
            String socket = "socket:[" + peer.get().inode() + "]";
            Path holder = find(socket);
            return holder == null ? null : new PeerWatch(socket, holder);
        } catch (IOException unreadable) {
            return null;
        }
    }

    @Override
    public boolean getAsBoolean() {
        if (is(holder, socket)) {
            return false;
        }
        Path other;
        try {
            other = find(socket);
        } catch (IOException unreadable) {
            return false;
        }
        if (other != null) {
            holder = other;
        }
        return other == null;
    }

    private static @Nullable Path find(String socket) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                Path found = findIn(process.resolve("fd"), socket);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Path findIn(Path descriptors, String socket) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (is(descriptor, socket)) {
                    return descriptor;
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // ended in the meantime, or somebody else's
        }
        return null;
    }

    private static boolean is(Path descriptor, String socket) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(socket);
        } catch (IOException gone) {
            return false;
        }
    }
}
