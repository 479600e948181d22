// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who is at the other end of a TCP connection within this machine, for peers that know no handshake: the kernel lists
/// the owner of every socket.
final class LoopbackPeer {

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int USER = 7;
    private static final int INODE = 9;

    private LoopbackPeer() {}

    /// @param fd a connected TCP socket of ours
    /// @return the other end's user, or empty if that is not in this machine
    static Optional<Long> user(int fd) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        return user(link.substring("socket:[".length(), link.length() - 1), rows());
    }

    /// @param inode of our socket
    /// @param rows of `/proc/net/tcp`
    static Optional<Long> user(String inode, List<String[]> rows) {
        return rows.stream()
                .filter(row -> row[INODE].equals(inode))
                .findFirst()
                .flatMap(ours -> rows.stream()
                        .filter(row -> row[LOCAL].equals(ours[REMOTE]) && row[REMOTE].equals(ours[LOCAL]))
                        .map(row -> Long.valueOf(row[USER]))
                        .findFirst());
    }

    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Path file = Path.of(table);
            if (Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(row -> row.length > INODE)
                        .forEach(rows::add);
            }
        }
        return rows;
    }
}
