/// Native memory for JIT'd code.
///
/// [SimpleNativeMemoryMap] and [SharedMemoryMapper] are the whole of it. They differ in where memory comes from and who
/// fills it; the rest is one: a request is checked without touching anything, its pages are claimed, filled and
/// protected, the allocation actions run, and every step can be taken back. What is reserved and who holds which pages
/// stands in one table under one lock; no system call is made and no foreign code runs under that lock.
///
/// [MemoryInstances] leads from the opaque address that a controller sends back to the memory map of its session.
package org.orcrt.memory;
