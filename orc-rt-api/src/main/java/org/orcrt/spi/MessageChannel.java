// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.type.Abilities;

/// Ordered frames both ways to one peer. Made by a [MessageChannelProvider], used only by `org.orcrt.wire`.
///
/// A frame is bytes whose first 8 are its length, little-endian, these 8 included; a frame is at least
/// [#MIN_FRAME_BYTES] long. One sender at a time and one reader at a time; the two may be different threads. Wire sees
/// to that, the channel does not lock. The six doorbell methods (from [#readable()] on) let a reader sleep without
/// missing a frame; a medium that blocks in the kernel takes them from [BlockingMessageChannel].
/// What only some media can do is an ability.
public interface MessageChannel extends AutoCloseable, Abilities {

    /// There is no room now. Nothing changed; try later.
    long NO_ROOM = -1;

    /// The peer is gone for good.
    long GONE = -2;

    /// The shortest frame: a header without payload.
    int MIN_FRAME_BYTES = 32;

    /// Urgency of a flush that carries only results.
    int RESULT = 1;

    /// Urgency of a flush that carries a call.
    int CALL = 2;

    /// Where claimed frames are written. May change with each claim; the sender reads it after [#tryClaim(long)].
    ///
    /// @return the segment that claims are offsets into
    MemorySegment outgoing();

    /// Asks for room for one frame. Does not block. A claim that is not committed before the next one never
    /// happened: that is how a sender backs out.
    ///
    /// @param frameBytes the frame's length, header included
    /// @return an offset into [#outgoing()], or [#NO_ROOM], or [#GONE]
    /// @throws IllegalArgumentException if `frameBytes` is more than [#maxFrameBytes()]
    long tryClaim(long frameBytes);

    /// Says that a claimed frame is complete. The peer does not see it yet.
    ///
    /// @param offset what the claim returned
    /// @param frameBytes the frame's length
    void commit(long offset, long frameBytes);

    /// Makes everything committed visible to the peer, in order, and wakes the peer if it sleeps.
    ///
    /// @param urgency [#RESULT] or [#CALL]: a standby that is armed for calls only is not rung for results
    /// @throws org.orcrt.api.TransportException if the peer is gone or takes nothing within the channel's bound;
    ///     the channel is poisoned then and takes no further frame
    void flush(int urgency);

    /// The longest frame that fits, in either direction.
    ///
    /// @return bytes, header included
    long maxFrameBytes();

    /// Gives frames to a sink, in order. Never blocks. Not re-entrant: nobody polls inside a sink.
    ///
    /// @param sink takes the frames; each is valid until `onFrame` returns
    /// @param limit at most so many
    /// @return how many; or [#GONE] once the peer is gone and everything before that was delivered
    /// @throws org.orcrt.api.TransportException if the peer broke the framing, or vanished inside a frame; the
    ///     channel is at its end
    int poll(FrameSink sink, int limit);

    /// A racy look. Any thread.
    ///
    /// @return whether a poll would find something
    boolean readable();

    /// Arms the standby's doorbell. Afterwards either [#readable()] is true or the peer's next flush rings.
    ///
    /// @param level 1 to be rung for anything, 2 for calls only
    void arm(int level);

    /// Lowers the level from 2 to 1, if it is 2. Any thread; before the flush of a call whose result nobody
    /// polls for.
    void raise();

    /// Takes the standby's doorbell away.
    void disarm();

    /// Sleeps until rung, or woken, or the time is over. Platform threads only.
    ///
    /// @param level what [#arm(int)] was told
    /// @param timeoutNs at most so long, in nanoseconds
    void sleep(int level, long timeoutNs);

    /// Sleeps like [#sleep(int, long)], for the one thread that holds the reader's role: arms and rechecks
    /// by itself.
    ///
    /// @param timeoutNs at most so long, in nanoseconds
    void sleepAsLeader(long timeoutNs);

    /// Ends every sleep in this process, or the next one if nobody sleeps. Any thread, at any time; after
    /// [#close()] it does nothing. Wire calls it when the connection is to end, or has failed: from then on
    /// a flush need not wait long for a peer that takes little or nothing.
    void wakeReader();

    /// Lets the medium go; the peer sees [#GONE]. Idempotent. Only when no thread is in any other method.
    @Override
    void close();
}
