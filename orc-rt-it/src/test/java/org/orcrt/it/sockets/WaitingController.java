// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.time.Duration;
import org.orcrt.controller.Controller;
import org.orcrt.spi.ConnectionSpec;

/// A controller that connects, says so, and waits to be killed.
final class WaitingController {

    private WaitingController() {}

    /// @param args where the executor listens
    public static void main(String[] args) throws Exception {
        try (Controller controller = Controller.builder().connect(ConnectionSpec.parse(args[0]))) {
            System.out.println("connected");
            controller.control().awaitDisconnected(Duration.ofMinutes(5));
        }
    }
}
