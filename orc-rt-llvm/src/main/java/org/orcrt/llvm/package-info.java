/// The services that an LLVM controller finds by name: running functions, libraries, memory access, exception frames,
/// debugger registration, and the way back for JIT'd code. One class per service; [org.orcrt.llvm.LlvmPlugin] puts them
/// under the names of a dialect.
package org.orcrt.llvm;
