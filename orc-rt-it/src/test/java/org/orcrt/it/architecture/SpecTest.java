// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orcrt.it.Project;

/// Each rule of `docs/spec` is proven by a test that carries its number, or says why no test can decide it; each such
/// tag is a rule; each contract of the kit is extended.
class SpecTest {

    private static final int FEWEST_RULES = 60;

    @Test
    void each_rule_has_a_test_or_a_mark_and_each_tag_is_a_rule() throws IOException {
        Spec spec = new Spec();
        for (Path page : Spec.pages(Project.root().resolve("docs/spec"))) {
            spec.page(page.getFileName().toString(), Files.readAllLines(page));
        }
        for (Path source : Project.testSources()) {
            spec.source(source.getFileName().toString(), Files.readString(source));
        }
        assertThat(spec.problems()).isEmpty();
        assertThat(spec.numbers()).hasSizeGreaterThanOrEqualTo(FEWEST_RULES);
    }

    @Test
    void the_index_names_every_page() throws IOException {
        Path directory = Project.root().resolve("docs/spec");
        String index = Files.readString(directory.resolve("README.md"));
        assertThat(Spec.pages(directory))
                .allSatisfy(page -> assertThat(index).contains("(" + page.getFileName() + ")"));
    }

    @Test
    void planted_mistakes_are_caught() {
        Spec spec = new Spec();
        spec.page(
                "planted.md",
                List.of(
                        "- **AA-1** It MUST work.",
                        "  Intent: people use it.",
                        "- **AA-2** It MUST feel right (untestable: feelings differ).",
                        "  Intent: people like it.",
                        "- **AA-3** It MUST have a test.",
                        "  Intent: nobody wrote one.",
                        "- **AA-4** It works.",
                        "  Intent: this MUST be no word of the rule.",
                        "- **AA-5** It MUST be for something.",
                        "",
                        "- **AA-1** It MUST be new.",
                        "  Intent: it is not.",
                        "- **AA-6** It MUST be decided (untestable: feelings differ).",
                        "  Intent: both is one too many."));
        spec.page(
                "other.md",
                List.of("- **BB-1** It MAY be here.", "  Intent: a page.", "- **CC-1** Not MAY.", "  Intent: x."));
        String tag = "@Tag(\"%s\") ";
        for (String number : List.of("AA-1", "AA-4", "AA-5", "AA-6", "BB-1", "CC-1", "AA-7")) {
            spec.source("Some" + number, tag.formatted(number));
        }
        spec.source("Used", "public abstract class Used { " + tag.formatted("AA-1") + "}");
        spec.source("Forgotten", "public abstract class Forgotten extends Used { " + tag.formatted("AA-1") + "}");
        spec.source("UsedTest", "class UsedTest extends Used {}");
        assertThat(spec.problems())
                .containsExactlyInAnyOrder(
                        "AA-1 is there twice",
                        "other.md has rules with the prefixes [BB, CC] and should have one",
                        "AA-3 has neither test nor mark",
                        "AA-4 says neither MUST nor SHOULD nor MAY",
                        "AA-5 has no line 'Intent: ...' that ends with a full stop",
                        "AA-6 is marked untestable and has a test",
                        "AA-7 is no rule, but a tag in [SomeAA-7]",
                        "Forgotten is extended by nobody");
    }
}
