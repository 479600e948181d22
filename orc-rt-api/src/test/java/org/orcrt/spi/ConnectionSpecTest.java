// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSpecTest {

    @ParameterizedTest
    @Tag("CS-1")
    @Tag("CS-2")
    @CsvSource({
        "'filedescs=3,6', fd, '3,6'",
        "'3,6', fd, '3,6'",
        "'fd:3,6', fd, '3,6'",
        "'listen=localhost:20000', tcp-listen, //localhost:20000",
        "'listen=[::1]:0', tcp-listen, //[::1]:0"
    })
    void what_llvm_writes_means_an_llvm_peer(String text, String scheme, String target) {
        ConnectionSpec spec = ConnectionSpec.parse(text);
        assertThat(spec).isEqualTo(new ConnectionSpec(scheme, target, Map.of("peer", "llvm")));
        assertThat(spec.isLlvmPeer()).isTrue();
        assertThat(spec).hasToString(scheme + ":" + target + "?peer=llvm");
    }

    @ParameterizedTest
    @Tag("CS-2")
    @CsvSource({
        "tcp://127.0.0.1:4711, tcp, //127.0.0.1:4711",
        "tcp-listen://localhost:0, tcp-listen, //localhost:0",
        "tcp://[::1]:4711, tcp, //[::1]:4711",
        "unix:///run/orc/a=b:c, unix, ///run/orc/a=b:c",
        "unix-listen:///run/orc, unix-listen, ///run/orc",
        "shm:///run/orc.sock, shm, ///run/orc.sock",
        "shm-listen:///run/orc.sock, shm-listen, ///run/orc.sock",
        "inproc:one, inproc, one",
        "inproc-listen:one, inproc-listen, one"
    })
    void what_we_write_means_a_peer_of_ours_and_is_printed_as_it_was_written(
            String text, String scheme, String target) {
        ConnectionSpec spec = ConnectionSpec.parse(text);
        assertThat(spec).isEqualTo(new ConnectionSpec(scheme, target, Map.of()));
        assertThat(spec.isLlvmPeer()).isFalse();
        assertThat(spec).hasToString(text);
    }

    @ParameterizedTest
    @Tag("CS-2")
    @CsvSource({
        "tcp://h:1?peer=llvm, true",
        "tcp://h:1?peer=ours, false",
        "'fd:3,6?peer=ours', false",
        "'filedescs=3,6?peer=ours', false",
        "listen=h:1?peer=ours, false"
    })
    void the_peer_may_be_said_and_then_that_holds(String text, boolean llvm) {
        assertThat(ConnectionSpec.parse(text).isLlvmPeer()).isEqualTo(llvm);
    }

    @Test
    void options_keep_their_order_and_all_that_follows_the_first_equals_sign() {
        ConnectionSpec spec =
                ConnectionSpec.parse("tcp://h:1?token-file=/a=b?c&size=1m&idle=5s&allow-network=true&peer=ours");
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("token-file", "/a=b?c");
        expected.put("size", "1m");
        expected.put("idle", "5s");
        expected.put("allow-network", "true");
        expected.put("peer", "ours");
        assertThat(spec.options()).containsExactlyEntriesOf(expected);
        assertThat(spec.target()).isEqualTo("//h:1");
    }

    @ParameterizedTest
    @Tag("CS-3")
    @ValueSource(
            strings = {
                "filedescs=3,6",
                "3,6",
                "fd:0,1?peer=ours",
                "listen=h:1",
                "tcp-listen://h:1?size=&idle=1",
                "unix:///p?token-file=/t&peer=llvm"
            })
    void the_text_of_a_spec_is_read_as_the_same_spec(String text) {
        ConnectionSpec spec = ConnectionSpec.parse(text);
        assertThat(ConnectionSpec.parse(spec.toString())).isEqualTo(spec);
    }

    @ParameterizedTest
    @Tag("CS-4")
    @Tag("CS-5")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"               | it has no scheme; write SCHEME:TARGET, for example fd:3,6 or filedescs=3,6",
                "3                | it has no scheme; write SCHEME:TARGET",
                "3,               | it has no scheme; write SCHEME:TARGET",
                "3,-6             | it has no scheme; write SCHEME:TARGET",
                "3,6,9            | it has no scheme; write SCHEME:TARGET",
                "somewhere        | it has no scheme; write SCHEME:TARGET",
                ":target          | it has no scheme; write SCHEME:TARGET",
                "TCP://h:1        | 'TCP' is not a scheme: lower-case letters, digits and '-'",
                "3fd:1,2          | '3fd' is not a scheme",
                "a b:c            | 'a b' is not a scheme",
                "fd:              | nothing follows the scheme 'fd'",
                "fd:?peer=llvm    | nothing follows the scheme 'fd'",
                "filedescs=       | nothing follows the scheme 'fd'",
                "listen=          | nothing follows the scheme 'tcp-listen'",
                "listen=?size=1   | nothing follows the scheme 'tcp-listen'",
                "tcp://           | nothing follows the scheme 'tcp'",
                "tcp://h:1?       | unknown option ''; known: peer, token-file, size, idle, allow-network",
                "tcp://h:1?tokn=x | unknown option 'tokn'; known: peer, token-file, size, idle, allow-network",
                "aeron:ipc?dir=/d | unknown option 'dir'; known: peer, token-file, size, idle, allow-network",
                "tcp://h:1?size   | option 'size' has no value; write size=VALUE",
                "tcp://h:1?size=1&size=1 | option 'size' is given twice",
                "tcp://h:1?peer=llvm&peer=ours | option 'peer' is given twice",
                "tcp://h:1?peer=  | peer is ''; known: llvm, ours",
                "tcp://h:1?peer=gdb | peer is 'gdb'; known: llvm, ours",
                "tcp://h:1?size=1& | unknown option ''"
            })
    void a_wrong_spec_is_quoted_with_what_is_wrong_and_what_would_be_right(String text, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionSpec.parse(text))
                .withMessageStartingWith("in connection spec '" + text + "': " + complaint);
    }

    @Test
    void a_spec_copies_its_options() {
        Map<String, String> options = new LinkedHashMap<>(Map.of("peer", "llvm"));
        ConnectionSpec spec = new ConnectionSpec("fd", "3,6", options);
        options.put("peer", "ours");
        assertThat(spec.isLlvmPeer()).isTrue();
        assertThat(spec.options()).isUnmodifiable();
    }
}
