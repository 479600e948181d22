// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.tck.ControllerAccessContract;
import org.orcrt.wire.Connection;
import org.orcrt.wire.Dialect;

/// Wire's connection over a socket pair keeps the contract of every way to a controller.
class WireOverDescriptorsContractTest extends ControllerAccessContract {

    /// One that tells the text of an error, as LLVM 22 does not.
    private static final Dialect DIALECT = new Dialect("a dialect with error texts", true, false, true, Map.of());

    private final List<FarController> controllers = new ArrayList<>();
    private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();

    @Override
    protected Peer connect() {
        int[] ends = Descriptors.socketPair();
        SystemCalls calls = SystemCalls.real();
        FdChannel near = new FdChannel(calls, ends[0], ends[0], Link.SMALL);
        FdChannel far = new FdChannel(calls, ends[1], ends[1], Link.SMALL);
        FarController controller = new FarController(new Connection(near, DIALECT, 16, reported::add), far);
        controllers.add(controller);
        return controller;
    }

    @AfterEach
    void close_the_far_ends() throws Exception {
        for (FarController controller : controllers) {
            controller.leave();
        }
        assertThat(reported).isEmpty();
    }
}
