// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A reader, a writer and room for a reply. Each thread has some and uses them again and again: one for each
/// call that it is inside of, because a call that waits may run another one on its thread. To be given back in
/// reverse order.
final class Scratch {

    /// What has grown further is not kept.
    static final int KEPT_BYTES = 1 << 20;

    private static final ThreadLocal<Stack> STACK = ThreadLocal.withInitial(Stack::new);
    private static final MemorySegment NO_ROOM = MemorySegment.ofArray(new byte[0]);

    final SpsReader reader = new SpsReader();
    final SpsWriter writer = new SpsWriter();
    final SpsCall call = new SpsCall(this);
    private final Stack stack;
    private final int depth;
    private MemorySegment room = NO_ROOM;

    private Scratch(Stack stack, int depth) {
        this.stack = stack;
        this.depth = depth;
    }

    static Scratch take() {
        // a virtual thread makes few calls and there are many of them
        Stack stack = Thread.currentThread().isVirtual() ? new Stack() : STACK.get();
        int depth = stack.taken++;
        if (depth == stack.kept.size()) {
            stack.kept.add(new Scratch(stack, depth));
        }
        Scratch scratch = stack.kept.get(depth);
        scratch.writer.reset();
        return scratch;
    }

    /// Room for a reply.
    MemorySegment room(int bytes) {
        if (room.byteSize() < bytes) {
            room = MemorySegment.ofArray(new byte[bytes]);
        }
        return room;
    }

    void giveBack() {
        reader.over(NO_ROOM, 0, 0); // keeps no frame alive
        stack.taken = depth;
        if (writer.segment().byteSize() > KEPT_BYTES || room.byteSize() > KEPT_BYTES) {
            stack.kept.subList(depth, stack.kept.size()).clear();
        }
    }

    private static final class Stack {
        private final List<Scratch> kept = new ArrayList<>();
        private int taken;
    }
}
