// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.testing.Bounded;

/// The numbers that tell native threads apart.
@Timeout(60)
class NativeThreadTest {

    private final FfmLinker linker = new FfmLinker();

    @Test
    void a_thread_has_one_number_that_is_gone_once_the_thread_is() throws Exception {
        assertThat(linker.nativeThread()).isPositive().isEqualTo(linker.nativeThread());
        AtomicLong other = new AtomicLong();
        Thread thread = new Thread(() -> {
            other.set(linker.nativeThread());
            assertThat(linker.isThere(other.get())).isTrue();
        });
        thread.start();
        thread.join();
        assertThat(other.get()).isPositive().isNotEqualTo(linker.nativeThread());
        Bounded.until("the system has ended the thread", () -> !linker.isThere(other.get()));
        assertThat(linker.isThere(linker.nativeThread())).isTrue();
    }
}
