// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.sockets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.orcrt.spi.ConnectionSpec;

/// Where an executor and a controller meet.
enum Sockets {
    UNIX {
        @Override
        ConnectionSpec listen(Path directory) {
            return ConnectionSpec.parse("unix-listen://" + directory.resolve("d/socket"));
        }
    },
    TCP {
        @Override
        ConnectionSpec listen(Path directory) throws IOException {
            Path token = directory.resolve("token");
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(token, "0123456789abcdef0123456789abcdef\n");
            return ConnectionSpec.parse("tcp-listen://127.0.0.1:0?token-file=" + token);
        }
    };

    /// A spec for the end that waits, in a directory of the test.
    abstract ConnectionSpec listen(Path directory) throws IOException;
}
