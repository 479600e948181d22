// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.orcrt.tck.ExecutorProcessControlContract;

/// The controller's end of the in-process pair keeps the contract.
class InProcessControlContractTest extends ExecutorProcessControlContract {

    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();

    @Override
    protected Ends connect() {
        InProcessPair pair = InProcessPair.create(16, reported::add);
        return new Ends(pair.control(), pair.access());
    }

    @AfterEach
    void nothing_is_reported_that_a_caller_heard_of() {
        assertThat(reported).isEmpty();
    }
}
