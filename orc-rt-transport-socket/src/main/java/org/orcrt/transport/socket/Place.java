// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.orcrt.ffm.Linux;

/// Where a socket is.
sealed interface Place {

    /// The largest `struct sockaddr` of ours.
    int MAX_BYTES = 112;

    /// An `AF_` value.
    int family();

    /// A `struct sockaddr`.
    byte[] bytes();

    /// The target of a spec that leads here.
    String target();

    /// A file.
    ///
    /// @param path absolute, short enough
    record Unix(Path path) implements Place {

        private static final int MAX_PATH_BYTES = 107;

        /// @throws IllegalArgumentException if the kernel cannot have it
        public Unix {
            int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_PATH_BYTES) {
                throw new IllegalArgumentException("the path of a unix socket has at most %d bytes; '%s' has %d"
                        .formatted(MAX_PATH_BYTES, path, length));
            }
        }

        @Override
        public int family() {
            return Linux.AF_UNIX;
        }

        @Override
        public byte[] bytes() {
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 + name.length + 1)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) Linux.AF_UNIX)
                    .put(name)
                    .array();
        }

        @Override
        public String target() {
            return "//" + path;
        }
    }

    /// A port of a host.
    ///
    /// @param address of the host
    /// @param port 0 to let the kernel choose one to listen on
    record Tcp(InetAddress address, int port) implements Place {

        /// Reads what [org.orcrt.ffm.SocketCalls#localAddress] gave.
        static int portOf(byte[] address) {
            return Short.toUnsignedInt(ByteBuffer.wrap(address).getShort(2));
        }

        @Override
        public int family() {
            return address instanceof Inet6Address ? Linux.AF_INET6 : Linux.AF_INET;
        }

        @Override
        public byte[] bytes() {
            boolean six = address instanceof Inet6Address;
            ByteBuffer bytes = ByteBuffer.allocate(six ? 28 : 16);
            bytes.order(ByteOrder.nativeOrder()).putShort((short) family());
            bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
            if (six) {
                bytes.putInt(0).put(address.getAddress());
                bytes.order(ByteOrder.nativeOrder()).putInt(((Inet6Address) address).getScopeId());
            } else {
                bytes.put(address.getAddress());
            }
            return bytes.array();
        }

        @Override
        public String target() {
            String host = address.getHostAddress();
            return "//" + (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
