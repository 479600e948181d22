/// LLVM's SimpleRemote protocol (`SimpleRemoteEPC`, read off LLVM 22.1.8 on the wire): 32-byte headers with
/// little-endian numbers, each end numbering its own calls.
///
/// [org.orcrt.wire.FrameLayout] has the bytes, [org.orcrt.wire.Dialect] what differs between LLVM's generations,
/// [org.orcrt.wire.Connection] the rules.
package org.orcrt.wire;
