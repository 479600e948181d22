// SPDX-License-Identifier: Apache-2.0
package org.orcrt.controller;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.orcrt.api.CallException;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.Handle;
import org.orcrt.api.PeerText;
import org.orcrt.sps.SpsReader;
import org.orcrt.wire.Service;

/// Libraries of the executor's process, and the symbols in them. All methods wait for the executor, at most as long as
/// the controller's timeout; any thread but the one that delivers calls.
///
/// Every method throws [CallException] if the executor cannot be asked, or refuses.
public final class RemoteLibraries {

    /// A flag for "there is none".
    private static final long MIN_SYMBOL_BYTES = 1;

    private final ServiceCalls calls;

    RemoteLibraries(ServiceCalls calls) {
        this.calls = calls;
    }

    /// Loads a library.
    ///
    /// @param path as for `dlopen`; empty for the process itself, with everything that plug-ins publish
    /// @return for [#find], of the kind [Handle#LIBRARY]
    public Handle open(String path) {
        long instance = calls.address(Service.DYLIB_INSTANCE).value();
        return calls.call(
                Service.DYLIB_OPEN,
                args -> args.u64(instance).name(wireName(path)).u64(0),
                answer -> {
                    if (answer.readBool()) {
                        return new Handle(Handle.LIBRARY, answer.readAddress());
                    }
                    throw refused("load '" + path + "'", answer.readText());
                });
    }

    /// Looks symbols up, with one call.
    ///
    /// @param library what [#open] returned
    /// @param names their names
    /// @return for each name its address, or empty if there is none
    /// @throws IllegalArgumentException if `library` is the handle of something else
    public List<Optional<ExecutorAddress>> find(Handle library, List<String> names) {
        if (!library.isA(Handle.LIBRARY)) {
            throw new IllegalArgumentException("find in " + library + ": not a library; open gives one");
        }
        return calls.call(
                Service.DYLIB_RESOLVE,
                args -> {
                    args.address(library.address()).count(names.size());
                    names.forEach(name -> args.name(wireName(name)).bool(true));
                },
                answer -> readSymbols(answer, names.size()));
    }

    /// Looks one symbol up.
    ///
    /// @param library what [#open] returned
    /// @param name its name
    /// @return its address, or empty if there is none
    /// @throws IllegalArgumentException if `library` is the handle of something else
    public Optional<ExecutorAddress> find(Handle library, String name) {
        return find(library, List.of(name)).getFirst();
    }

    private static List<Optional<ExecutorAddress>> readSymbols(SpsReader answer, int expected) {
        if (!answer.readBool()) {
            throw refused("look symbols up", answer.readText());
        }
        long count = answer.readCount(MIN_SYMBOL_BYTES);
        if (count != expected) {
            throw new IllegalArgumentException(count + " symbols instead of " + expected);
        }
        List<Optional<ExecutorAddress>> found = new ArrayList<>(expected);
        for (long left = count; left > 0; left--) {
            if (answer.readBool()) {
                found.add(Optional.of(answer.readAddress()));
                answer.readU8(); // flags of the symbol, and of the target: nothing that a caller of it needs
                answer.readU8();
            } else {
                found.add(Optional.empty());
            }
        }
        return found;
    }

    /// Names are bytes on the wire; ours are UTF-8.
    private static String wireName(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static CallException refused(String operation, String text) {
        return new CallException(
                CallException.HANDLER_FAILED, "the executor refused to " + operation + ": " + PeerText.escape(text));
    }
}
