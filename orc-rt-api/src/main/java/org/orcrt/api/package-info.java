/// What programs call: a [Session] with its addresses, calls, tasks, managers and errors.
///
/// Bytes travel as triples `(segment, offset, length)` and never as slices, because a slice handed to a method that
/// is not inlined is an object per call. Sizes and offsets are bytes, deadlines are nanoseconds of
/// [System#nanoTime()]. Who owns bytes is said with one of four phrases: *copied before this method returns*,
/// *valid until this method returns*, *owned by the callee if accepted*, *owned by this record, not copied*.
package org.orcrt.api;
