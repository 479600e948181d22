// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Nothing here is waited for longer than this.
final class Bounds {

    static final long SECONDS = 20;

    private Bounds() {}

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(SECONDS, TimeUnit.SECONDS))
                .as("within %d s", SECONDS)
                .isTrue();
    }

    static void join(Thread thread) throws InterruptedException {
        assertThat(thread.join(Duration.ofSeconds(SECONDS)))
                .as("%s ends within %d s", thread.getName(), SECONDS)
                .isTrue();
    }
}
