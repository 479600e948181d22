/// Native memory for JIT'd code. Start with [org.orcrt.memory.SimpleNativeMemoryMap].
@org.jspecify.annotations.NullMarked
module org.orcrt.memory {
    requires static java.management; // only with memory.jmx=true
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive org.orcrt.api;
    requires org.orcrt.ffm;
    requires org.orcrt.sps;

    exports org.orcrt.memory;

    provides org.orcrt.spi.ExecutorPlugin with
            org.orcrt.memory.MemoryPlugin;
}
