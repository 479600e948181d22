/// Contract tests for authors of plug-ins: who extends one in a few lines has its implementation held against the
/// rules of `docs/spec`. Start with the package.
@org.jspecify.annotations.NullMarked
module org.orcrt.tck {
    requires static org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.orcrt.api;

    exports org.orcrt.tck;

    // the tests are package-private, so that nobody overrides one by mistake: JUnit calls them by reflection
    opens org.orcrt.tck;
}
