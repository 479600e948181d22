// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Reads a named pipe to its end on a thread of its own, so that the writers never wait for us.
///
/// The end comes when the *last* writer has gone. (`Process.getInputStream` ends when the started process ends, and
/// drops what its children write after that.) What exceeds 16 MiB is read and forgotten.
final class Drain {
    private static final int KEPT_BYTES = 16 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    /// Starts to read.
    Drain(Path pipe) {
        reader =
                Thread.ofPlatform().daemon().name("drain " + pipe.getFileName()).start(() -> read(pipe));
    }

    private void read(Path pipe) {
        try (InputStream stream = Files.newInputStream(pipe)) {
            byte[] chunk = new byte[1 << 16];
            for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
                bytes.write(chunk, 0, Math.min(n, KEPT_BYTES - bytes.size()));
            }
        } catch (IOException e) {
            bytes.writeBytes(("[reading failed: " + e + "]").getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Waits until the last writer has gone, or until the deadline.
    ///
    /// @return whether the last writer has gone
    boolean endsBy(long deadlineNs) throws InterruptedException {
        // Not isAlive(): that may still say true for a moment after join(Duration) said that the thread is over.
        return reader.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())));
    }

    /// What has been read so far.
    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
