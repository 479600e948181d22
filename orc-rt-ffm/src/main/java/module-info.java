/// The only module with native calls: system calls, memory of the C heap, both directions of wrapper functions, dlopen.
/// Needs `--enable-native-access=org.orcrt.ffm`. Exported to our own modules only.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the qualified exports name modules that are compiled later
module org.orcrt.ffm {
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive org.orcrt.api;

    exports org.orcrt.ffm to
            org.orcrt.memory,
            org.orcrt.llvm,
            org.orcrt.transport.socket,
            org.orcrt.bench;

    provides org.orcrt.spi.WrapperFunctionLinker with
            org.orcrt.ffm.FfmLinker;
}
