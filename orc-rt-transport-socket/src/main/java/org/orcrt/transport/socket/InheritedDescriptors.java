// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.Linux;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.spi.ConnectionSpec;

/// Two descriptors of a spec `fd:IN,OUT`.
///
/// @param in what we read from
/// @param out what we write to; may be the same
record InheritedDescriptors(int in, int out) {

    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;
    private static final int READ_ONLY = 0;

    static InheritedDescriptors parse(ConnectionSpec spec) {
        String target = spec.target();
        if (!target.matches("[0-9]{1,9},[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "in connection spec '" + spec + "': '" + target + "' is not IN,OUT, two descriptor numbers");
        }
        int comma = target.indexOf(',');
        return new InheritedDescriptors(
                Integer.parseInt(target.substring(0, comma)), Integer.parseInt(target.substring(comma + 1)));
    }

    /// Sees whether both are open the right way round, and keeps them from programs that JIT'd code starts: a
    /// child that holds the pipe would keep the controller from seeing our end.
    void check(SystemCalls calls) throws IOException {
        checkOne(calls, in, "read", WRITE_ONLY);
        checkOne(calls, out, "written", READ_ONLY);
        keepFromPrograms(calls, in);
        keepFromPrograms(calls, out);
    }

    private static void keepFromPrograms(SystemCalls calls, int fd) throws IOException {
        long result = calls.fcntl(fd, Linux.F_SETFD, Linux.FD_CLOEXEC);
        if (result < 0) {
            throw new IOException(
                    "descriptor " + fd + " cannot be kept from programs that are started here: " + Errno.text(result));
        }
    }

    /// A number that the parent did not open may by now be one of the JVM's own files, which are neither pipes nor
    /// sockets.
    private static void checkKind(int fd) throws IOException {
        Path link = Path.of("/proc/self/fd/" + fd);
        if (!Files.isSymbolicLink(link)) {
            return; // no such file system here
        }
        String file = Files.readSymbolicLink(link).toString();
        boolean stream = file.startsWith("pipe:") || file.startsWith("socket:");
        if (!stream && (file.startsWith("anon_inode:") || Files.isRegularFile(link) || Files.isDirectory(link))) {
            throw new IOException("descriptor " + fd + " is no pipe or socket but " + file
                    + "; the two numbers must be descriptors that this process inherited");
        }
    }

    private static void checkOne(SystemCalls calls, int fd, String use, int wrongMode) throws IOException {
        long flags = calls.fcntl(fd, Linux.F_GETFL, 0);
        if (flags < 0) {
            throw new IOException("descriptor " + fd + " is not open: " + Errno.text(flags)
                    + "; the two numbers must be descriptors that this process inherited");
        }
        checkKind(fd);
        if ((flags & ACCESS_MODE) == wrongMode) {
            throw new IOException("descriptor " + fd + " cannot be " + use
                    + "; the first number is the end we read, the second the end we write");
        }
    }
}
