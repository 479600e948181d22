// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose the other end of a loopback connection is, by the kernel's own list.
class LoopbackPeerTest {

    private static String[] row(String local, String remote, String state, String user, String inode) {
        return new String[] {"0:", local, remote, state, "0:0", "0:0", "0", user, "0", inode};
    }

    private static final String[] OURS = row("0100007F:1000", "0100007F:2000", "01", "0", "111");

    @Test
    void the_other_end_is_the_row_with_the_addresses_the_other_way_round() {
        String[] theirs = row("0100007F:2000", "0100007F:1000", "01", "65534", "222");
        String[] stranger = row("0100007F:3000", "0100007F:1000", "01", "0", "333");
        assertThat(LoopbackPeer.of("111", List.of(stranger, OURS, theirs))).contains(new LoopbackPeer(65534, "222"));
        assertThat(LoopbackPeer.of("111", List.of(stranger, OURS))).isEmpty();
        assertThat(LoopbackPeer.of("444", List.of(OURS, theirs))).isEmpty();
    }

    /// Older kernels say user 0 there.
    @ParameterizedTest
    @CsvSource({"01, 0", "04, 0", "05, 222", "06, 0"})
    void a_socket_that_nobody_accepted_or_that_was_closed_is_nobodys(String state, String inode) {
        String[] theirs = row("0100007F:2000", "0100007F:1000", state, "0", inode);
        assertThat(LoopbackPeer.of("111", List.of(OURS, theirs))).isEmpty();
    }
}
