// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MutableCallSite;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.orcrt.api.ErrorReporter;

/// Addresses for Java functions with C signatures of their own. Each is an FFM upcall stub that is never
/// freed, because native code may hold its address for ever, even while it runs in it. A stub that is given
/// back returns zeros until it is leased to another function of the same signature: how many there are
/// depends on what is leased at once, not on how many sessions came and went.
final class CFunctions {

    private record Slot(FunctionDescriptor signature, MutableCallSite site, long address) {

        void target(MethodHandle target) {
            site.setTarget(target);
            MutableCallSite.syncAll(new MutableCallSite[] {site});
        }
    }

    /// By signature; guarded by itself, as is the other map.
    private static final Map<FunctionDescriptor, Deque<Slot>> FREE = new HashMap<>();

    private static final Map<Long, Slot> LEASED = new HashMap<>();

    private CFunctions() {}

    /// Gives a Java function an address.
    ///
    /// @param target the function
    /// @param signature its C signature
    /// @param reporter hears of what it throws
    /// @return the address of a C function that calls it
    static long lease(MethodHandle target, FunctionDescriptor signature, ErrorReporter reporter) {
        if (!target.type().equals(signature.toMethodType())) {
            throw new IllegalArgumentException("the C signature %s needs a function of the type %s, this one has %s"
                    .formatted(signature, signature.toMethodType(), target.type()));
        }
        FunctionDescriptor plain = CGuard.plain(signature);
        MethodHandle guarded = CGuard.guard(target, signature, reporter);
        synchronized (FREE) {
            Deque<Slot> free = FREE.get(plain);
            Slot slot = free == null ? null : free.poll();
            if (slot == null) {
                slot = make(plain);
            }
            slot.target(guarded);
            LEASED.put(slot.address, slot);
            return slot.address;
        }
    }

    /// Takes an address back. A call that runs in the function goes on.
    ///
    /// @param address what [#lease] returned
    static void release(long address) {
        synchronized (FREE) {
            Slot slot = LEASED.remove(address);
            if (slot == null) {
                throw new IllegalStateException("0x%x is not a leased C function".formatted(address));
            }
            slot.target(CGuard.zeros(slot.signature));
            FREE.computeIfAbsent(slot.signature, key -> new ArrayDeque<>())
                    .add(slot); // the oldest comes first: a call that strays shall not meet a newcomer
        }
    }

    private static Slot make(FunctionDescriptor signature) {
        MutableCallSite site = new MutableCallSite(CGuard.zeros(signature));
        try {
            return new Slot(signature, site, NativeFunctions.upcallStub(site.dynamicInvoker(), signature));
        } catch (IllegalArgumentException | UnsupportedOperationException refused) {
            throw new IllegalArgumentException(
                    "C has no function with the signature %s here: %s".formatted(signature, refused.getMessage()),
                    refused);
        }
    }
}
