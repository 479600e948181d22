// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Addresses for Java functions. One pool for the process: the code of a stub is never freed, because native code may
/// hold its address for ever; a stub that is given back answers with an error until it is leased again.
public final class StubPool {

    /// Stands at an address that was taken back, and answers as a wrapper function.
    static final Upcall GONE =
            (a, b, c, d, result) -> WrapperResult.writeError(result, "the function behind this address is gone");

    private static final Stubs STUBS = MachineCode.isAvailable() ? new ThunkStubs() : new PlainStubs();
    private static final Object LOCK = new Object();

    /// Slots that nobody ever had.
    private static final Deque<Integer> UNUSED = new ArrayDeque<>();

    /// Slots that were taken back, by what stands there meanwhile.
    private static final Map<Upcall, Deque<Integer>> FREE = new IdentityHashMap<>();

    /// Indexed by slot. Written under the lock, a new array for each growth; read by upcalls without it.
    private static volatile Upcall[] targets = new Upcall[0];

    private static int leased;

    private StubPool() {}

    /// Gives a Java function an address.
    ///
    /// @param target the function
    /// @return the address of a C function that calls it
    public static long lease(Upcall target) {
        synchronized (LOCK) {
            Integer unused = UNUSED.poll();
            Integer free = unused == null ? freeFor(target).poll() : unused;
            int slot = free == null ? grow() : free;
            Upcall[] changed = targets;
            changed[slot] = target;
            targets = changed;
            leased++;
            return STUBS.address(slot);
        }
    }

    /// Takes an address back. Nobody may call it any more; if somebody does, an error is the answer.
    ///
    /// @param address what [#lease(Upcall)] returned
    public static void release(long address) {
        synchronized (LOCK) {
            int slot = STUBS.slotAt(address);
            Upcall[] changed = targets;
            if (slot < 0 || slot >= changed.length || changed[slot].whenGone() == changed[slot]) {
                throw new IllegalStateException("0x%x is not a leased stub".formatted(address));
            }
            Deque<Integer> free = freeFor(changed[slot]);
            changed[slot] = changed[slot].whenGone();
            targets = changed;
            leased--;
            free.add(slot); // the oldest comes first: a call that strays shall not meet a newcomer
        }
    }

    /// How many addresses are leased now.
    ///
    /// @return stubs
    public static int leasedStubs() {
        synchronized (LOCK) {
            return leased;
        }
    }

    /// The Java function behind an address.
    static @Nullable Upcall at(long address) {
        int slot = STUBS.slotAt(address);
        Upcall[] current = targets;
        return slot >= 0 && slot < current.length ? current[slot] : null;
    }

    /// The address of a slot.
    static long addressOf(int slot) {
        return STUBS.address(slot);
    }

    /// Where every stub arrives. Nothing may leave it: an exception that does ends the JVM.
    static void enter(long a, long b, long c, long d, long slot, long result) {
        NativeMemory.putLong(result, 0);
        NativeMemory.putLong(result + 8, 0);
        try {
            UpcallEvents.watched(targets[(int) slot], slot).call(a, b, c, d, result);
        } catch (Throwable failure) {
            WrapperResult.writeErrorOf(result, failure);
        }
    }

    private static Deque<Integer> freeFor(Upcall target) {
        return FREE.computeIfAbsent(target.whenGone(), key -> new ArrayDeque<>());
    }

    private static int grow() {
        int slot = targets.length;
        int added = STUBS.grow(slot);
        Upcall[] grown = Arrays.copyOf(targets, slot + added);
        Arrays.fill(grown, slot, slot + added, GONE);
        targets = grown;
        for (int k = slot + added - 1; k > slot; k--) {
            UNUSED.add(k);
        }
        return slot;
    }
}
