// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.logging.Logger;
import org.orcrt.it.architecture.planted.transport.first.Hidden;

/// One violation of each rule of [org.orcrt.it.architecture.ArchitectureTest], which must catch them all. Never run.
final class Planted {

    private Planted() {}

    static final class PrintsOut {
        void violate() {
            System.out.println();
        }
    }

    static final class PrintsErr {
        void violate() {
            System.err.println();
        }
    }

    static final class PrintsStackTrace {
        void violate(Exception failure) {
            failure.printStackTrace();
        }
    }

    static final class Sleeps {
        void violate() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class SleepsUnits {
        void violate() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    static final class Logs {
        final Logger violation = Logger.getGlobal();
    }

    static final class Mismatches {
        long violate(MemorySegment one, MemorySegment other) {
            return one.mismatch(other);
        }
    }

    static final class MismatchesByReference {
        final BiFunction<MemorySegment, MemorySegment, Long> violation = MemorySegment::mismatch;
    }

    static final class SharesArena {
        final Arena violation = Arena.ofShared();
    }

    static final class Links {
        final Object violation = Linker.nativeLinker();
    }

    @SuppressWarnings("restricted")
    static final class MakesUpcall {
        MemorySegment violate(MethodHandle target) {
            return Linker.nativeLinker().upcallStub(target, FunctionDescriptor.ofVoid(), Arena.global());
        }
    }

    static final class LooksUp {
        final Object violation = SymbolLookup.loaderLookup();
    }

    @SuppressWarnings("restricted")
    static final class Reinterprets {
        MemorySegment violate(MemorySegment segment) {
            return segment.reinterpret(1);
        }
    }

    @SuppressWarnings("restricted")
    static final class Loads {
        void violate() {
            System.loadLibrary("planted");
        }
    }

    static final class KnowsTransport {
        final Object violation = new Hidden();
    }
}
