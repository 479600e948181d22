/// What an LLVM controller looks up by name in its executor. Exports nothing: it is found as a plug-in.
@org.jspecify.annotations.NullMarked
module org.orcrt.llvm {
    requires static org.jspecify;
    requires org.orcrt.api;
    requires org.orcrt.ffm;
    requires org.orcrt.memory;
    requires org.orcrt.sps;
    requires org.orcrt.wire;

    provides org.orcrt.spi.ExecutorPlugin with
            org.orcrt.llvm.LlvmPlugin;
}
