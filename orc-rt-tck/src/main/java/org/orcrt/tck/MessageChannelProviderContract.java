// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.MessageChannelProvider;

/// What a provider of message channels promises: `docs/spec/message-channel.md`.
public abstract class MessageChannelProviderContract {

    /// For subclasses.
    protected MessageChannelProviderContract() {}

    /// Makes a provider, as the service loader does.
    ///
    /// @return the provider
    protected abstract MessageChannelProvider provider();

    /// Specs with a scheme of the provider, but a target that it cannot understand.
    ///
    /// @return at least one, as users write them
    protected abstract List<String> wrongSpecs();

    @Test
    @Tag("MC-19")
    void name_and_schemes_are_words_and_always_the_same() {
        Names.check(provider().name(), provider().name());
        Names.checkSchemes(provider().schemes(), provider().schemes());
    }

    @Test
    @Tag("MC-20")
    void a_provider_that_cannot_work_here_says_why() {
        Names.checkReason(provider().unavailable());
    }

    @Test
    @Tag("MC-21")
    void a_target_that_means_nothing_is_a_mistake_that_is_shown() {
        for (String text : wrongSpecs()) {
            ConnectionSpec spec = ConnectionSpec.parse(text);
            assertTrue(provider().schemes().contains(spec.scheme()), "scheme of " + text);
            IllegalArgumentException wrong = assertThrows(
                    IllegalArgumentException.class, () -> provider().connect(spec, Duration.ZERO), text);
            String message = String.valueOf(wrong.getMessage());
            assertTrue(message.contains(spec.target()), message);
        }
    }
}
