// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A controller at the far end of a socket: reads and writes frames with nothing of the code under test.
final class RawPeer {

    private final SocketEnd end;

    RawPeer(SocketEnd end) {
        this.end = end;
    }

    void send(RawFrame frame) {
        byte[] bytes = frame.toBytes();
        end.send(bytes, 0, bytes.length);
    }

    /// The next frame, waiting for it.
    RawFrame next() {
        ByteBuffer header = ByteBuffer.wrap(end.receive(32)).order(ByteOrder.LITTLE_ENDIAN);
        int payload = Math.toIntExact(header.getLong() - 32);
        return new RawFrame(header.getLong(), header.getLong(), header.getLong(), end.receive(payload));
    }
}
