// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.testing.FaultSweep;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Effect;
import org.orcrt.testing.FaultyCalls.Fault;

/// The short form of `bin/soak faults` for sessions: whichever system call fails, somebody hears of it, nothing is
/// left,
/// and the next session works.
class AttachFaultTest {

    @Test
    @Tag("X5")
    void each_call_of_a_session_s_life_fails_once_and_some_pairs_of_calls_do() {
        FaultSweep sweep = new AttachFaults().sweep(false, Long.MAX_VALUE);
        assertThat(sweep.told()).isEmpty();
        assertThat(sweep.broken()).isZero();
        assertThat(sweep.cases()).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void a_descriptor_that_is_not_closed_is_found(int which) {
        FaultSweep.Scenario scenario = new AttachScenario(false, false);
        List<Call> closes = scenario.attempt(List.of()).stream()
                .filter(call -> call.name().equals("close"))
                .toList();
        assertThat(closes).as("the event counter and both ends").hasSize(3);
        Call close = closes.get(which);
        Fault forgotten = new Fault(close.thread(), close.index(), 0, Effect.NONE);
        assertThatThrownBy(() -> scenario.attempt(List.of(forgotten)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("left behind: [descriptor ")
                .satisfies(AttachFaultTest::closeWhatIsLeft);
    }

    private static void closeWhatIsLeft(Throwable leak) {
        String number = String.valueOf(leak.getMessage()).replaceAll("(?s).*\\[descriptor ([0-9]+) .*", "$1");
        assertThat(SystemCalls.real().close(Integer.parseInt(number))).isZero();
    }
}
