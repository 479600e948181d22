/// The contracts of orc-rt: what programs call (`org.orcrt.api`), the requests for native memory
/// (`org.orcrt.api.memory`), kinds that survive class loaders and wires (`org.orcrt.api.type`), and what plug-ins
/// implement (`org.orcrt.spi`). Start with [org.orcrt.api.Session], or with [org.orcrt.spi.MessageChannel] to write
/// a transport.
@org.jspecify.annotations.NullMarked
module org.orcrt.api {
    requires static transitive org.jspecify;

    exports org.orcrt.api;
    exports org.orcrt.api.memory;
    exports org.orcrt.api.type;
    exports org.orcrt.spi;
}
