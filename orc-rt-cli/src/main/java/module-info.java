/// The command `orc-rt`. Plug-ins bind as services.
@org.jspecify.annotations.NullMarked
module org.orcrt.cli {
    requires static org.jspecify;
    requires info.picocli;
    requires org.orcrt.core;

    opens org.orcrt.cli to
            info.picocli;
}
