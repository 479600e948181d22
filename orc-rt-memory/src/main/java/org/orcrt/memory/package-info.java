/// Native memory for JIT'd code.
///
/// [SimpleNativeMemoryMap] is the whole of it: it checks a request without touching anything, claims the pages, fills
/// and protects them, runs the allocation actions, and can take every step back. What is reserved and who holds which
/// pages stands in one table under one lock; no system call is made and no foreign code runs under that lock.
///
/// [MemoryInstances] leads from the opaque address that a controller sends back to the memory map of its session.
package org.orcrt.memory;
