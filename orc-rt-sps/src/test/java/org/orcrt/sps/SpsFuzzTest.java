// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.testing.FuzzRun;

@Tag("W11")
class SpsFuzzTest {

    private static final int ELEMENTS = 100_000;

    @Test
    void any_bytes_are_read_as_what_they_say_or_refused_and_allocate_little() {
        FuzzRun.of(new SpsFuzz(), 100_000);
    }

    @Test
    void a_planted_count_that_is_believed_is_found() {
        assertThat(FuzzRun.untilFound(new SpsFuzz().planted(), 100_000)).isLessThan(100_000);
    }

    @Test
    void a_memory_request_of_the_smallest_elements_takes_four_times_its_bytes_at_most() {
        byte[][] requests = {requestOf(ELEMENTS, 0, 0), requestOf(ELEMENTS, 1, 0), requestOf(0, 0, ELEMENTS)};
        for (byte[] request : requests) {
            Runnable read = () -> SpsMemory.readInitializeRequest(SpsReader.of(request));
            read.run();
            assertThat(Allocations.bytesOf(read)).isLessThan(4L * request.length + 4096);
        }
    }

    private static byte[] requestOf(int segments, int contentBytes, int pairs) {
        SpsWriter writer = new SpsWriter().count(segments);
        byte[] content = new byte[contentBytes];
        for (int k = 0; k < segments; k++) {
            writer.u8(k & 15).u64(k).u64(k).bytes(content);
        }
        writer.count(pairs);
        for (int k = 0; k < pairs; k++) {
            writer.u64(k + 1).u64(0).u64(k + 1).u64(0);
        }
        return writer.toByteArray();
    }
}
