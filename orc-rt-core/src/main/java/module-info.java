/// The session and what it is made of. Start with [org.orcrt.core.Sessions].
@org.jspecify.annotations.NullMarked
module org.orcrt.core {
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive org.orcrt.api;
    requires org.orcrt.wire;

    exports org.orcrt.core;

    uses org.orcrt.spi.ControllerAccessProvider;
    uses org.orcrt.spi.ExecutorPlugin;
    uses org.orcrt.spi.MessageChannelProvider;
    uses org.orcrt.spi.ResourceManagerProvider;
    uses org.orcrt.spi.TaskDispatcherProvider;
    uses org.orcrt.spi.WrapperFunctionLinker;

    provides org.orcrt.spi.ControllerAccessProvider with
            org.orcrt.core.InProcess;
    provides org.orcrt.spi.TaskDispatcherProvider with
            org.orcrt.core.DispatcherProviders.ThreadPool,
            org.orcrt.core.DispatcherProviders.ThreadPerCall,
            org.orcrt.core.DispatcherProviders.VirtualThread,
            org.orcrt.core.DispatcherProviders.Queueing,
            org.orcrt.core.DispatcherProviders.Inline;
}
