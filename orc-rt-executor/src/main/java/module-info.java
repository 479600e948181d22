/// An executor to embed ([org.orcrt.executor.Executor]) and the command `orc-executor`, which serves one controller
/// over one connection. Plug-ins bind as services.
@org.jspecify.annotations.NullMarked
module org.orcrt.executor {
    requires static org.jspecify;
    requires transitive org.orcrt.core;

    exports org.orcrt.executor;
}
