// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.orcrt.spi.ConnectionSpec;
import org.orcrt.spi.ControllerAccessProvider;

/// What a provider of ways to a controller promises: `docs/spec/controller-access.md`.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ControllerAccessProviderContract {

    /// For subclasses.
    protected ControllerAccessProviderContract() {}

    /// Makes a provider, as the service loader does.
    ///
    /// @return the provider
    protected abstract ControllerAccessProvider provider();

    /// A spec that is right, and where no controller is.
    ///
    /// @return a spec with a scheme of the provider, as users write it
    protected abstract String specOfNobody();

    @Test
    @Tag("CA-21")
    void name_and_schemes_are_words_always_the_same_and_who_cannot_work_here_says_why() {
        Names.check(provider().name(), provider().name());
        Names.checkSchemes(provider().schemes(), provider().schemes());
        Names.checkReason(provider().unavailable());
    }

    @Test
    @Tag("CA-22")
    void where_no_controller_comes_the_wait_ends_with_the_spec_in_the_error() {
        ConnectionSpec spec = ConnectionSpec.parse(specOfNobody());
        assertTrue(provider().schemes().contains(spec.scheme()), "scheme of " + spec);
        IOException nobody = assertThrows(IOException.class, () -> provider().connect(spec, Duration.ofMillis(50)));
        assertTrue(String.valueOf(nobody.getMessage()).contains(spec.target()), String.valueOf(nobody.getMessage()));
    }
}
