// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.orcrt.api.CallStatus;

/// What a connection has to do, in a few lines and without its code: the reference that [ConnectionFuzz] compares with.
final class ConnectionModel {

    /// How a connection ends.
    enum End {
        ORDERLY,
        VIOLATION,
        HUNG_UP,
        WITHOUT_HANGUP
    }

    /// As many calls of ours as may wait at once.
    static final int MAX_IN_FLIGHT = 4;

    /// The connection remembers 16 times as many calls that were given up; what comes then is for tests of that.
    static final int MAX_WITHDRAWN = 15 * MAX_IN_FLIGHT;

    private static final String UNREADABLE = "malformed result: its out-of-band error cannot be read";

    private final Dialect dialect;

    /// What the session is told of calls, and what handlers are told, in order.
    private final List<String> expected = new ArrayList<>();

    /// Calls of ours by number: true if they wait, false if they were given up and their answer may still come.
    private final Map<Long, Boolean> open = new LinkedHashMap<>();

    private int withdrawn;
    private boolean hungUp;
    private boolean disconnected;
    private End end = End.ORDERLY;

    ConnectionModel(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    List<String> expected() {
        return expected;
    }

    End end() {
        return end;
    }

    /// @return whether the connection has to accept the frame
    boolean accepts(long opcode, long callId, long target, byte[] payload) {
        boolean legal = !hungUp
                && switch (Math.clamp(opcode, -1, 4)) {
                    case 1 -> callId == 0 && target == 0 && hangup(payload);
                    case 2 -> result(callId, target, payload);
                    case 3 -> expected.add("call #%d of %d: %s".formatted(callId, target, hex(payload)));
                    default -> false;
                };
        end = legal ? end : End.VIOLATION;
        return legal;
    }

    /// @return whether a call of ours finds room
    boolean hasRoom() {
        return waiting() < MAX_IN_FLIGHT;
    }

    boolean isDisconnected() {
        return disconnected;
    }

    void called(long id) {
        if (open.putIfAbsent(id, true) != null) {
            throw new AssertionError("number " + id + " is used twice");
        }
    }

    /// @return whether the call waits
    boolean withdraws(long id) {
        boolean waits = Boolean.TRUE.equals(open.get(id));
        if (waits) {
            open.put(id, false);
            expected.add(told(id, CallStatus.CANCELLED, new byte[0]));
            withdrawn++;
        }
        return waits;
    }

    boolean mayWithdraw() {
        return withdrawn < MAX_WITHDRAWN;
    }

    void disconnect() {
        disconnected = true;
    }

    /// Nothing more comes.
    void streamEnds() {
        if (dialect.hangupRequired() && !hungUp) {
            end = End.WITHOUT_HANGUP;
        }
    }

    /// The connection is over: whoever waits is told.
    void close() {
        open.forEach((id, waits) -> {
            if (waits) {
                expected.add(told(id, CallStatus.DISCONNECTED, new byte[0]));
            }
        });
    }

    static String told(long id, CallStatus status, byte[] bytes) {
        return "our #%d: %s %s".formatted(id, status, hex(bytes));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private long waiting() {
        return open.values().stream().filter(waits -> waits).count();
    }

    private boolean result(long callId, long kind, byte[] payload) {
        boolean outOfBand = dialect.outOfBandKind() && kind == 1;
        if (kind != 0 && !outOfBand) {
            return false;
        }
        Boolean waits = open.remove(callId);
        if (Boolean.TRUE.equals(waits)) {
            expected.add(
                    outOfBand
                            ? told(callId, CallStatus.OUT_OF_BAND_ERROR, outOfBandText(payload))
                            : told(callId, CallStatus.RESULT, payload));
        }
        return waits != null;
    }

    private boolean hangup(byte[] payload) {
        boolean success = payload.length == 1 && payload[0] == 0;
        boolean error = payload.length >= 9 && payload[0] == 1 && number(payload, 1) == payload.length - 9;
        hungUp = success || error;
        end = error ? End.HUNG_UP : end;
        return hungUp;
    }

    private static byte[] outOfBandText(byte[] payload) {
        boolean readable = payload.length >= 8 && number(payload, 0) == payload.length - 8;
        return readable ? Arrays.copyOfRange(payload, 8, payload.length) : UNREADABLE.getBytes(StandardCharsets.UTF_8);
    }

    private static long number(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }
}
