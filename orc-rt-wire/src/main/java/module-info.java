/// LLVM's SimpleRemote protocol over any message channel: frames, dialects of LLVM's generations, pending calls.
/// Start with [org.orcrt.wire.FrameLayout] for the bytes and [org.orcrt.wire.Connection] for the rules.
@org.jspecify.annotations.NullMarked
module org.orcrt.wire {
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive org.orcrt.api;
    requires org.orcrt.sps;

    exports org.orcrt.wire;

    uses org.orcrt.spi.MessageChannelProvider;
}
