// SPDX-License-Identifier: Apache-2.0
package org.orcrt.transport.socket;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.testing.FaultSweep;
import org.orcrt.testing.FaultyCalls.Call;
import org.orcrt.testing.FaultyCalls.Fault;
import org.orcrt.testing.Held;

/// The life of one session, while system calls of its transport fail. Whichever fails: the caller, or whoever hears of
/// the end, has one error that names the call; every call of ours is answered once; nothing is left; the next session
/// works. In particular:
///
/// - as long as there is no channel the descriptors stay the caller's; only the flag that keeps them from programs may
///   be set. From then on they are the session's, which closes them;
/// - not felt are: an interrupt, a failing `close` (Linux closes all the same), and the event counter, without which a
///   detach takes up to a second;
/// - what cannot be unmapped stays mapped, and nobody is told: a channel has nobody to tell.
///
/// @param socket whether over one socket, not two pipes
/// @param hangup whether the controller ends it
record AttachScenario(boolean socket, boolean hangup) implements FaultSweep.Scenario {

    private static final int MAX_LOOKS = 400;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    @Override
    public String name() {
        return "a session over " + (socket ? "a socket" : "pipes") + (hangup ? " until the hang-up" : "");
    }

    @Override
    public List<Call> attempt(List<Fault> faults) {
        live(List.of()); // the one before left everything as it must be, and what is taken once is taken
        Held held = Held.now();
        AttachLife life = live(faults);
        List<Call> calls = life.calls();
        List<Call> failed =
                calls.stream().filter(call -> call.fault().isPresent()).toList();
        require(failed.size() == faults.size(), "%d of the faults came; calls: %s", failed.size(), calls);
        List<Call> felt = failed.stream().filter(call -> !isAbsorbed(call)).toList();
        everythingIsTold(life, felt);
        failed.stream().filter(call -> call.name().equals("munmap")).forEach(AttachScenario::unmap);
        nothingIsLeft(held);
        return calls;
    }

    private AttachLife live(List<Fault> faults) {
        try (AttachPeer peer = new AttachPeer(socket)) {
            AttachLife life = new AttachLife(peer, hangup);
            AttachFaults.during(life.system(), () -> life.run(faults, AttachScenario::isAbsorbed));
            boolean taken = life.calls().stream().anyMatch(call -> call.name().equals("poll"));
            require(peer.executorHasItsEnds() != taken, "taken: %s, but open: %s", taken, !taken);
            if (!taken) {
                peer.closeExecutorsEnds();
            }
            return life;
        }
    }

    private static boolean isAbsorbed(Call call) {
        int errno = call.fault().orElseThrow().errno();
        return switch (call.name()) {
            case "close", "munmap" -> true;
            case "fcntl", "eventfd", "mmap" -> false;
            default ->
                errno == Errno.EINTR || errno == Errno.EAGAIN || call.note().equals(AttachLife.EVENT);
        };
    }

    private static void everythingIsTold(AttachLife life, List<Call> felt) {
        List<String> told = new ArrayList<>();
        life.failure().ifPresent(failure -> {
            for (Throwable at = failure; at != null; at = at.getCause()) {
                told.add(String.valueOf(at.getMessage()));
            }
        });
        require(told.isEmpty() == felt.isEmpty(), "told: %s, because of %s", told, felt);
        require(
                felt.isEmpty() || felt.stream().anyMatch(call -> isNamed(call, told)),
                "none of %s is in %s",
                felt,
                told);
        require(life.problems().isEmpty(), "%s", life.problems());
    }

    private static boolean isNamed(Call call, List<String> texts) {
        String errno = Errno.text(-call.fault().orElseThrow().errno());
        String what = call.name().equals("fcntl") ? "descriptor " + call.target() : call.name();
        return texts.stream().anyMatch(text -> text.contains(what) && text.contains(errno));
    }

    private static void unmap(Call call) {
        SystemCalls.real().munmap(call.target(), call.lengthBytes());
    }

    private static void nothingIsLeft(Held held) {
        List<String> left = Held.now().beyond(held);
        for (int looks = 0; !left.isEmpty() && looks < MAX_LOOKS; looks++) {
            LockSupport.parkNanos(LOOK_NS);
            left = Held.now().beyond(held);
        }
        require(left.isEmpty(), "left behind: %s", left);
    }

    private static void require(boolean holds, String text, Object... values) {
        if (!holds) {
            throw new AssertionError(text.formatted(values));
        }
    }
}
