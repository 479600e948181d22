// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorProcessControl;
import org.orcrt.api.HandlerTag;
import org.orcrt.api.Session;

/// One function at the other end of a connection: a wrapper function of the executor by its address, or a
/// handler of the controller by its tag. Any thread.
///
/// @see SpsCall
public final class RemoteFunction {

    /// What a reply may take unless told otherwise.
    private static final int MAX_REPLY_BYTES = 1 << 16;

    private final String name;
    private final End end;
    private final int maxReplyBytes;

    private RemoteFunction(String name, End end, int maxReplyBytes) {
        this.name = name;
        this.end = end;
        this.maxReplyBytes = maxReplyBytes;
    }

    /// A wrapper function of the executor, as its controller calls it.
    ///
    /// @param control the controller's end
    /// @param function its address
    /// @return the function
    public static RemoteFunction of(ExecutorProcessControl control, ExecutorAddress function) {
        return new RemoteFunction(function.toString(), new ToExecutor(control, function), MAX_REPLY_BYTES);
    }

    /// A handler of the controller, as its executor calls it.
    ///
    /// @param session the executor's end
    /// @param tag the handler's tag
    /// @return the function
    public static RemoteFunction of(Session session, HandlerTag tag) {
        return new RemoteFunction(tag.toString(), new ToController(session, tag), MAX_REPLY_BYTES);
    }

    /// Finds wrapper functions of the executor among the names that it published.
    ///
    /// @param control the controller's end, once the executor is there
    /// @return name to function; throws [IllegalArgumentException] if there is no such name
    public static Function<String, RemoteFunction> in(ExecutorProcessControl control) {
        return name -> of(control, symbol(control.bootstrapInfo(), name)).named(name);
    }

    /// Finds handlers of the controller: their tags are the addresses that the executor itself published for them.
    ///
    /// @param session the executor's end, once it has told its names
    /// @return name to handler; throws [IllegalArgumentException] if there is no such name
    public static Function<String, RemoteFunction> in(Session session) {
        return name -> of(
                        session,
                        new HandlerTag(symbol(session.bootstrapInfo(), name).value()))
                .named(name);
    }

    /// What errors call it.
    ///
    /// @return a name, an address or a tag
    public String name() {
        return name;
    }

    /// Allows larger replies. A thread that waits keeps room for the largest up to 1 MiB; a reply that is
    /// larger than allowed is lost and its caller gets an error. Stages have no such limit.
    ///
    /// @param bytes how large; 64 KiB unless told otherwise
    /// @return the same function with that limit
    public RemoteFunction withMaxReplyBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes is negative: " + bytes);
        }
        return new RemoteFunction(name, end, bytes);
    }

    @Override
    public String toString() {
        return name;
    }

    int maxReplyBytes() {
        return maxReplyBytes;
    }

    /// Waits for a reply.
    ///
    /// @return its length; if that is more than [#maxReplyBytes], the rest was dropped
    long callAndWait(SpsWriter args, MemorySegment reply, long timeoutNs) {
        return end.callAndWait(args, reply, maxReplyBytes, timeoutNs);
    }

    CompletionStage<byte[]> callAsync(byte[] args, Duration timeout) {
        return end.callAsync(args, timeout);
    }

    private RemoteFunction named(String publishedName) {
        return new RemoteFunction(publishedName, end, maxReplyBytes);
    }

    private static ExecutorAddress symbol(BootstrapInfo info, String name) {
        ExecutorAddress address = info.symbols().get(name);
        if (address == null) {
            throw new IllegalArgumentException("the executor published no '%s' among its %d names"
                    .formatted(name, info.symbols().size()));
        }
        return address;
    }

    private sealed interface End {

        long callAndWait(SpsWriter args, MemorySegment reply, long replyLimit, long timeoutNs);

        CompletionStage<byte[]> callAsync(byte[] args, Duration timeout);
    }

    private record ToExecutor(ExecutorProcessControl control, ExecutorAddress function) implements End {

        @Override
        public long callAndWait(SpsWriter args, MemorySegment reply, long replyLimit, long timeoutNs) {
            return control.callWrapperAndWait(
                    function, args.segment(), 0, args.length(), reply, 0, replyLimit, timeoutNs);
        }

        @Override
        public CompletionStage<byte[]> callAsync(byte[] args, Duration timeout) {
            return control.callWrapperAsync(function, args, timeout);
        }
    }

    private record ToController(Session session, HandlerTag tag) implements End {

        @Override
        public long callAndWait(SpsWriter args, MemorySegment reply, long replyLimit, long timeoutNs) {
            return session.callControllerAndWait(
                    tag, args.segment(), 0, args.length(), reply, 0, replyLimit, timeoutNs);
        }

        @Override
        public CompletionStage<byte[]> callAsync(byte[] args, Duration timeout) {
            return session.callControllerAsync(tag, args, timeout);
        }
    }
}
