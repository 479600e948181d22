// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

/// What a controller looks up by name in the executor's first message. The names are a matter of the [Dialect].
public enum Service {
    /// The context that JIT'd code hands to [#DISPATCH_FUNCTION].
    DISPATCH_CONTEXT,
    /// The C function by which JIT'd code calls the controller.
    DISPATCH_FUNCTION,
    /// Runs `int main(int, char **)`.
    RUN_AS_MAIN,
    /// Runs `int f(void)`.
    RUN_AS_VOID_FUNCTION,
    /// Runs `int f(int)`.
    RUN_AS_INT_FUNCTION,
    /// The instance argument of the two below.
    DYLIB_INSTANCE,
    /// Loads a library.
    DYLIB_OPEN,
    /// Looks symbols up in a library.
    DYLIB_RESOLVE,
    /// The instance argument of the four below.
    MEMORY_INSTANCE,
    /// Reserves address space.
    MEMORY_RESERVE,
    /// Puts content into reserved space.
    MEMORY_INITIALIZE,
    /// Takes content out again.
    MEMORY_DEINITIALIZE,
    /// Gives address space back.
    MEMORY_RELEASE,
    /// The instance argument of the four below.
    SHARED_MEMORY_INSTANCE,
    /// Reserves address space that the controller maps too.
    SHARED_MEMORY_RESERVE,
    /// Protects what the controller has put into such space.
    SHARED_MEMORY_INITIALIZE,
    /// Takes content out again.
    SHARED_MEMORY_DEINITIALIZE,
    /// Gives such space back.
    SHARED_MEMORY_RELEASE,
    /// Writes bytes.
    WRITE_UINT8S,
    /// Writes 16-bit numbers.
    WRITE_UINT16S,
    /// Writes 32-bit numbers.
    WRITE_UINT32S,
    /// Writes 64-bit numbers.
    WRITE_UINT64S,
    /// Writes pointers.
    WRITE_POINTERS,
    /// Writes blocks of bytes.
    WRITE_BUFFERS,
    /// Reads bytes.
    READ_UINT8S,
    /// Reads 16-bit numbers.
    READ_UINT16S,
    /// Reads 32-bit numbers.
    READ_UINT32S,
    /// Reads 64-bit numbers.
    READ_UINT64S,
    /// Reads pointers.
    READ_POINTERS,
    /// Reads blocks of bytes.
    READ_BUFFERS,
    /// Reads C strings.
    READ_STRINGS,
    /// Allocation action: registers exception frames.
    REGISTER_EH_FRAME,
    /// Allocation action: takes exception frames back.
    DEREGISTER_EH_FRAME,
    /// Allocation action: shows an object to a debugger.
    REGISTER_DEBUG_OBJECT
}
