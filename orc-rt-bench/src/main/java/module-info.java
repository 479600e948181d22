/// How long our way takes beside a peer's way, as ratios in the same run: `bin/orc-rt bench`. Beside
/// `org.orcrt.ffm` the only module that calls native code, for the peers, all of it in `org.orcrt.bench.RawFfm`.
/// Open, because JMH's forks start from generated classes.
@org.jspecify.annotations.NullMarked
open module org.orcrt.bench {
    requires com.google.protobuf;
    requires jdk.management;
    requires jdk.unsupported;
    requires static org.jspecify;
    requires jmh.core;
    requires org.agrona;
    requires org.orcrt.api;
    requires org.orcrt.ffm;
    requires org.orcrt.memory;
    requires org.orcrt.sps;
}
