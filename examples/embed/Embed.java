// SPDX-License-Identifier: Apache-2.0

import java.time.Duration;
import org.orcrt.api.Session;
import org.orcrt.executor.Executor;

/// A Java program that lets LLVM run code inside it.
public class Embed {
    public static void main(String[] args) throws Exception {
        try (Session session = Executor.builder().spec(args[0]).start()) {
            System.out.println("serving " + session.bootstrapInfo().processInfo().triple());
            session.awaitDetached(Duration.ofHours(1));
        }
        System.out.println("the controller is gone, this program goes on");
    }
}
