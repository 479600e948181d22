/// Inherited descriptors and sockets: the transports that LLVM speaks. Exports nothing: it is found as a plug-in.
@org.jspecify.annotations.NullMarked
module org.orcrt.transport.socket {
    requires static org.jspecify;
    requires org.orcrt.api;
    requires org.orcrt.ffm;

    provides org.orcrt.spi.MessageChannelProvider with
            org.orcrt.transport.socket.SocketProvider;
}
