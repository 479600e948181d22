// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLimitsTest {

    @Test
    void the_default_bounds_are_finite_and_stacks_are_large() {
        SessionLimits limits = SessionLimits.DEFAULT;
        assertThat(limits.maxNativeCalls()).isEqualTo(64);
        assertThat(limits.maxQueuedCalls()).isPositive();
        assertThat(limits.callStackBytes()).isEqualTo(64L << 20);
        assertThat(limits.shutdownBound()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, PT1S",
        "-1, 1, 1, PT1S",
        "1, -1, 1, PT1S",
        "1, 1, -1, PT1S",
        "1, 1, 1, PT-1S",
        "1, 1, 1, PT-0.001S"
    })
    void a_negative_bound_or_no_call_at_all_is_refused(int calls, int queued, long stackBytes, Duration bound) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionLimits(calls, queued, stackBytes, 1, 64, bound))
                .withMessageContaining("bound");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 4095, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void calls_in_flight_are_a_power_of_two(int maxInFlight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionLimits(1, 0, 0, maxInFlight, 64, Duration.ZERO))
                .withMessageContaining("" + maxInFlight);
    }

    @Test
    void the_smallest_bounds_are_bounds() {
        SessionLimits least = new SessionLimits(1, 0, 0, 1, 64, Duration.ZERO);
        assertThat(least.maxNativeCalls()).isEqualTo(1);
        assertThat(least.maxQueuedCalls()).isZero();
    }
}
