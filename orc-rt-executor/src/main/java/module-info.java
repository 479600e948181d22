/// The command `orc-executor`: serves one controller over one connection. Plug-ins bind as services.
@org.jspecify.annotations.NullMarked
module org.orcrt.executor {
    requires static org.jspecify;
    requires org.orcrt.core;
}
