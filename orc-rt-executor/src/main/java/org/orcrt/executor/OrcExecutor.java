// SPDX-License-Identifier: Apache-2.0
package org.orcrt.executor;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.orcrt.api.OrcException;
import org.orcrt.api.PeerText;
import org.orcrt.api.Session;
import org.orcrt.api.SessionException;
import org.orcrt.api.ShutdownReport;
import org.orcrt.api.TransportException;
import org.orcrt.core.Sessions;
import org.orcrt.spi.ConnectionSpec;

/// The command: serves one controller over one connection, and ends when the controller does.
public final class OrcExecutor {

    private static final String USAGE = """
            usage: orc-executor SPEC

            Serves an LLVM controller that has started this process, as llvm-jitlink does:
              llvm-jitlink --oop-executor=PATH/TO/orc-executor hello.o

            SPEC says how to reach the controller:
              filedescs=IN,OUT   two inherited descriptors: we read IN and write OUT
              IN OUT             the same, as lli writes it
              fd:IN,OUT          the same
              unix:///PATH       a unix socket that a controller of ours listens on
              unix-listen:///PATH            the same, and we listen: prints "listening SPEC"
              tcp://HOST:PORT?token-file=F   a port; F holds the secret that both ends know
              tcp-listen://HOST:PORT?token-file=F   the same, and we listen; port 0 is any
              listen=HOST:PORT   for an LLVM controller of the same user, as LLVM's executor writes it

            Exit codes: 0 done, 64 usage, 69 no such transport, 70 internal, 74 cannot connect, 75 timed out,
            76 the controller broke the protocol or died, 77 the peer did not prove who it is,
            78 no build, no JDK 25, or native access not granted.
            """;

    private static final Duration SHUTDOWN_BOUND = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofDays(1);

    /// Whether there was a session, so that JIT'd code may have left something behind. Used by the main thread.
    private static boolean served;

    private OrcExecutor() {}

    /// Runs the command and ends the process.
    ///
    /// @param args one connection spec, or two descriptor numbers
    public static void main(String[] args) {
        ExitCode end = run(args);
        System.out.flush();
        System.err.flush();
        if (served) {
            Sessions.endProcess(end.code);
        }
        Runtime.getRuntime().halt(end.code);
    }

    private static ExitCode run(String[] args) {
        if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
            System.out.print(USAGE);
            return ExitCode.DONE;
        }
        if (args.length > 0 && args[0].startsWith("-")) {
            System.err.println("orc-rt: unknown option '" + PeerText.escape(args[0]) + "'; see orc-executor --help");
            return ExitCode.USAGE;
        }
        if (args.length != 1 && args.length != 2) {
            System.err.print("orc-rt: one connection spec is needed, got " + args.length + " arguments\n" + USAGE);
            return ExitCode.USAGE;
        }
        try {
            return serve(String.join(",", args));
        } catch (IllegalArgumentException wrongSpec) {
            return fail(ExitCode.USAGE, wrongSpec);
        } catch (IOException unreachable) {
            return fail(ExitCode.IO, unreachable);
        } catch (OrcException failure) {
            return fail(codeOf(failure), failure);
        } catch (InterruptedException | RuntimeException | Error bug) {
            return fail(ExitCode.INTERNAL, bug);
        }
    }

    private static ExitCode serve(String spec) throws IOException, InterruptedException {
        Session session = Executor.builder()
                .spec(spec)
                .onListening(OrcExecutor::announce)
                .errorReporter(OrcExecutor::complain)
                .onDisconnected(failure -> {}) // told at the end, once
                .start();
        served = true;
        Optional<OrcException> failure = awaitEnd(session);
        ShutdownReport report = session.shutdown(SHUTDOWN_BOUND);
        report.failures().forEach(OrcExecutor::complain);
        if (failure.isPresent()) {
            return fail(codeOf(failure.get()), failure.get());
        }
        if (!report.stillRunning().isEmpty()) {
            System.err.println(
                    "orc-rt: the controller went away while calls ran: " + String.join("; ", report.stillRunning()));
            return ExitCode.PROTOCOL;
        }
        return ExitCode.DONE;
    }

    /// The line that whoever started us waits for.
    private static void announce(ConnectionSpec where) {
        System.out.println("listening " + where);
        System.out.flush();
    }

    private static Optional<OrcException> awaitEnd(Session session) throws InterruptedException {
        while (true) {
            try {
                return session.awaitDetached(LOOK_AGAIN);
            } catch (SessionException stillThere) {
                // a program may run for as long as it likes
            }
        }
    }

    private static ExitCode codeOf(OrcException failure) {
        if (failure.isA(TransportException.UNAVAILABLE)) {
            return ExitCode.UNAVAILABLE;
        }
        if (failure.isA(TransportException.PEER_HUNG)) {
            return ExitCode.TIMED_OUT;
        }
        if (failure.isA(TransportException.AUTH_FAILED)) {
            return ExitCode.REFUSED;
        }
        if (failure.isA(TransportException.OUT_OF_SPACE)) {
            return ExitCode.IO;
        }
        if (failure.isA(SessionException.PLUGIN)) {
            return ExitCode.CONFIGURATION;
        }
        return failure instanceof SessionException ? ExitCode.USAGE : ExitCode.PROTOCOL;
    }

    private static ExitCode fail(ExitCode code, Throwable failure) {
        complain(failure);
        return code;
    }

    private static void complain(Throwable failure) {
        System.err.println("orc-rt: " + lineOf(failure));
        if (!(failure instanceof OrcException
                || failure instanceof IOException
                || failure instanceof IllegalArgumentException)) {
            failure.printStackTrace();
        }
    }

    /// In errors of ours the peer's text is escaped already; once more would double it.
    private static String lineOf(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        boolean fit = failure instanceof OrcException && message.chars().noneMatch(Character::isISOControl);
        return fit ? message : PeerText.escape(message);
    }
}
