// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.util.Random;

/// Payloads of every length from 0 to 64 bytes and of one of 1 MiB, then of random lengths up to that: most are
/// short, so that many fit a second.
final class Payloads {

    static final int MAX_BYTES = 1 << 20;
    private static final int EACH_LENGTH = 65;

    private final Random random;
    private int made;

    Payloads(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        byte[] payload = new byte[nextLength()];
        random.nextBytes(payload);
        return payload;
    }

    private int nextLength() {
        int k = made++;
        if (k <= EACH_LENGTH) {
            return k < EACH_LENGTH ? k : MAX_BYTES;
        }
        return switch (random.nextInt(1000)) {
            case 0 -> random.nextInt(MAX_BYTES + 1);
            case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> random.nextInt(1 << 14);
            default -> random.nextInt(512);
        };
    }

    /// The answer to a payload: not the same bytes, so that an answer cannot be mistaken for its question.
    static byte[] answerTo(byte[] payload) {
        byte[] answer = new byte[payload.length];
        for (int k = 0; k < answer.length; k++) {
            answer[k] = (byte) (payload[payload.length - 1 - k] ^ 0x5a);
        }
        return answer;
    }
}
