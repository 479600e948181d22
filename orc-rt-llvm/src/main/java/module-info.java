/// What an LLVM controller looks up by name in its executor, and what native code there calls by name. Exports nothing:
/// it is found as plug-ins.
@org.jspecify.annotations.NullMarked
module org.orcrt.llvm {
    requires static org.jspecify;
    requires org.orcrt.api;
    requires org.orcrt.ffm;
    requires org.orcrt.memory;
    requires org.orcrt.sps;
    requires org.orcrt.wire;

    provides org.orcrt.spi.ExecutorPlugin with
            org.orcrt.llvm.CApiPlugin,
            org.orcrt.llvm.LlvmPlugin;
}
