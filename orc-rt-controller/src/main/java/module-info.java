/// The controller's end for Java programs: reach an executor, fill its memory, look its symbols up, run its code,
/// answer its calls. Start with [org.orcrt.controller.Controller].
@org.jspecify.annotations.NullMarked
module org.orcrt.controller {
    requires static org.jspecify;
    requires transitive org.orcrt.api;
    requires org.orcrt.sps;
    requires org.orcrt.wire;

    exports org.orcrt.controller;
}
