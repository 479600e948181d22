// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.orcrt.api.CallStatus;
import org.orcrt.api.ResultHandler;

/// Keeps how calls ended.
final class Outcomes implements ResultHandler {

    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    /// One call's end, with its bytes as text.
    record Outcome(CallStatus status, String text, long context) {}

    /// The next one; fails if none comes in time.
    Outcome next() throws InterruptedException {
        Outcome outcome = outcomes.poll(Bounds.SECONDS, TimeUnit.SECONDS);
        assertThat(outcome).as("an outcome within %d s", Bounds.SECONDS).isNotNull();
        return outcome;
    }

    List<Outcome> soFar() {
        return List.copyOf(outcomes);
    }

    @Override
    public void onResult(CallStatus status, MemorySegment bytes, long offset, long length, long context) {
        byte[] copy = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        outcomes.add(new Outcome(status, new String(copy, StandardCharsets.UTF_8), context));
    }
}
