// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.api.ResourceManager;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.WrapperFunctionLinker;

/// What every plug-in of an executor promises: `docs/spec/executor-plugin.md`.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ExecutorPluginContract {

    private final List<RecordingSetup> setups = new ArrayList<>();

    /// For subclasses.
    protected ExecutorPluginContract() {}

    /// Makes the plug-in, as the service loader does.
    ///
    /// @return the plug-in
    protected abstract ExecutorPlugin plugin();

    /// What joins Java and native functions.
    ///
    /// @return a linker with which the plug-in works
    protected abstract WrapperFunctionLinker linker();

    /// Options that the plug-in cannot understand: one wrong value for each option that can have one.
    ///
    /// @return name to wrong value; empty unless overridden
    protected Map<String, String> wrongOptions() {
        return Map.of();
    }

    /// Ends what was installed: managers in reverse order, then the addresses.
    @AfterEach
    final void end_all() {
        for (RecordingSetup setup : setups.reversed()) {
            end(setup);
            setup.unbindAll();
            assertEquals(List.of(), setup.mistakes);
            assertEquals(List.of(), setup.reported);
        }
    }

    private static void end(RecordingSetup setup) {
        List<ResourceManager> latestFirst = setup.managers.reversed();
        latestFirst.forEach(ResourceManager::detach);
        latestFirst.forEach(ResourceManager::shutdown);
    }

    private RecordingSetup installed(boolean llvmPeer) {
        RecordingSetup setup = new RecordingSetup(linker(), Map.of(), llvmPeer);
        setups.add(setup);
        plugin().install(setup);
        setup.finish();
        return setup;
    }

    @Test
    @Tag("EP-1")
    void the_name_is_one_word_and_who_cannot_work_here_says_why() {
        Names.check(plugin().name(), plugin().name());
        Names.checkReason(plugin().unavailable());
    }

    @Test
    @Tag("EP-2")
    @Tag("EP-3")
    void it_can_be_installed_whoever_the_controller_is_and_ends_without_one() {
        for (boolean llvmPeer : new boolean[] {true, false}) {
            RecordingSetup setup = installed(llvmPeer);
            setup.symbols.forEach((name, address) -> assertFalse(address.isNull(), name + " is null"));
        }
    }

    @Test
    @Tag("EP-4")
    void two_sessions_get_the_same_names_and_managers_of_their_own() {
        RecordingSetup first = installed(true);
        RecordingSetup second = installed(true);
        assertEquals(first.symbols.keySet(), second.symbols.keySet());
        assertEquals(first.aliases, second.aliases);
        assertEquals(first.managers.size(), second.managers.size());
        for (ResourceManager manager : first.managers) {
            assertTrue(second.managers.stream().noneMatch(other -> other == manager), "shared: " + manager);
        }
    }

    @Test
    @Tag("EP-5")
    void a_wrong_option_is_refused_with_its_name_and_its_value() {
        wrongOptions().forEach((name, value) -> {
            RecordingSetup setup = new RecordingSetup(linker(), Map.of(name, value), true);
            IllegalArgumentException wrong =
                    assertThrows(IllegalArgumentException.class, () -> plugin().install(setup), name);
            end(setup);
            setup.unbindAll();
            String message = String.valueOf(wrong.getMessage());
            assertTrue(message.contains(name) && message.contains(value), message);
        });
    }
}
