/// Simple Packed Serialization, the byte format of LLVM's ORC: reading and writing in place, without allocation.
/// Typed functions and proxies over it. Start with [org.orcrt.sps.SpsBinder], or with [org.orcrt.sps.SpsReader] and
/// [org.orcrt.sps.SpsWriter].
@org.jspecify.annotations.NullMarked
module org.orcrt.sps {
    requires static org.jspecify;
    requires transitive org.orcrt.api;

    exports org.orcrt.sps;
}
