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
///
/// @param user whose it is
/// @param inode the other end's number
record LoopbackPeer(long user, String inode) {

    /// How the table writes that an address of IPv6 is one of IPv4: the other end has it without that.
    private static final String MAPPED = "0000000000000000FFFF0000";

    private static final String ESTABLISHED = "01";

    /// Of a socket that nobody has accepted yet, or that was closed: whose it is is not to be trusted then.
    private static final String NOBODYS = "0";

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    /// @param fd a connected TCP socket of ours
    /// @return the other end, or empty if that is not in this machine, or belongs to nobody, not yet or not
    ///     any more
    static Optional<LoopbackPeer> of(int fd) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        return of(link.substring("socket:[".length(), link.length() - 1), rows());
    }

    /// @param inode of our socket
    /// @param rows of `/proc/net/tcp`
    static Optional<LoopbackPeer> of(String inode, List<String[]> rows) {
        return rows.stream()
                .filter(row -> row[INODE].equals(inode))
                .findFirst()
                .flatMap(ours -> rows.stream()
                        .filter(row -> row[LOCAL].equals(ours[REMOTE]) && row[REMOTE].equals(ours[LOCAL]))
                        .filter(row -> row[STATE].equals(ESTABLISHED) && !row[INODE].equals(NOBODYS))
                        .map(row -> new LoopbackPeer(Long.parseLong(row[USER]), row[INODE]))
                        .findFirst());
    }

    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Path file = Path.of(table);
            if (Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .map(line -> line.replace(MAPPED, "").strip().split("\\s+"))
                        .filter(row -> row.length > INODE)
                        .forEach(rows::add);
            }
        }
        return rows;
    }
}
