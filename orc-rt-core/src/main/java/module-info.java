/// The session and what it is made of. Start with [org.orcrt.core.Sessions].
@org.jspecify.annotations.NullMarked
module org.orcrt.core {
    requires static org.jspecify;
    requires transitive org.orcrt.api;
    requires org.orcrt.wire;

    exports org.orcrt.core;

    uses org.orcrt.spi.ControllerAccessProvider;
    uses org.orcrt.spi.ExecutorPlugin;
    uses org.orcrt.spi.MessageChannelProvider;
    uses org.orcrt.spi.ResourceManagerProvider;
    uses org.orcrt.spi.WrapperFunctionLinker;

    provides org.orcrt.spi.ControllerAccessProvider with
            org.orcrt.core.InProcess;
}
