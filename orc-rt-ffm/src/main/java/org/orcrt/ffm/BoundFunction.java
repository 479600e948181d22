// SPDX-License-Identifier: Apache-2.0
package org.orcrt.ffm;

import org.orcrt.api.WrapperFunction;

/// A Java function behind a stub, called by native code.
abstract class BoundFunction implements Upcall {

    final WrapperFunction function;

    /// This and the next one are guarded by the linker's map.
    int binds;

    long address;

    private BoundFunction(WrapperFunction function) {
        this.function = function;
    }

    /// Called as `Buffer f(const char *args, size_t size)`.
    static final class Sync extends BoundFunction {

        Sync(WrapperFunction function) {
            super(function);
        }

        @Override
        public boolean isWrapper() {
            return true;
        }

        @Override
        public void call(long args, long length, long c, long d, long result) {
            StubReturn reply = new StubReturn(result);
            try {
                function.call(NativeMemory.ALL, args, length, reply);
                reply.expire();
            } catch (Throwable failure) { // also what Java would have had to declare: no answer may come any more
                reply.fail(failure);
            }
        }
    }

    /// Called as `void f(S, Buffer args, ret, callId)`: the arguments are ours to free, and the answer is a call of
    /// `ret`. C expects nothing in the result registers, so nothing may be left there.
    static final class Async extends BoundFunction {

        /// Answers for functions that are gone.
        private static final Upcall GONE = new Upcall() {
            @Override
            public void call(long session, long word, long size, long ret, long result) {
                WrapperResult.free(word, size);
                ForeignReturn.error(session, ret, Upcall.fifth(result), "the function behind this address is gone");
            }

            @Override
            public Upcall whenGone() {
                return this;
            }
        };

        Async(WrapperFunction function) {
            super(function);
        }

        @Override
        public Upcall whenGone() {
            return GONE;
        }

        @Override
        public void call(long session, long word, long size, long ret, long result) {
            long callId = Upcall.fifth(result);
            if (size == 0 && word != 0) {
                // an error in the place of the arguments is the answer: the buffer passes on
                ForeignReturn.pass(session, ret, word, 0, callId);
                return;
            }
            ForeignReturn reply = null;
            try {
                reply = new ForeignReturn(session, ret, callId);
                NativeMemory.putLong(result, word);
                function.call(NativeMemory.ALL, WrapperResult.bytes(result, size), size, reply);
            } catch (Throwable failure) {
                if (reply == null || reply.claimForFailure()) {
                    WrapperResult.writeErrorOf(result, failure);
                    ForeignReturn.pass(session, ret, NativeMemory.getLong(result), 0, callId);
                }
            } finally {
                WrapperResult.free(word, size);
                NativeMemory.putLong(result, 0);
            }
        }
    }
}
