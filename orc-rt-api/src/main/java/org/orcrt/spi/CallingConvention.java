// SPDX-License-Identifier: Apache-2.0
package org.orcrt.spi;

/// How a wrapper function is called in C. In both forms a `Buffer` is the struct of 16 bytes
/// `{ union { char *ptr; char bytes[8]; }; size_t size; }`, passed and returned in two registers: up to 8 bytes lie in
/// it, more in a block from `malloc`, and size 0 with a pointer is an error text from `malloc`.
///
/// An address does not tell its form; calling it in the other one is undefined.
public enum CallingConvention {

    /// `Buffer f(const char *args, size_t size)`: the caller keeps the arguments and waits for the result, which it
    /// frees. LLVM's `CWrapperFunctionResult`; what LLVM's controllers call.
    SYNC,

    /// `void f(void *session, Buffer args, Return ret, uint64_t callId)`, with
    /// `void ret(void *session, Buffer result, uint64_t callId)`: the function frees the arguments, and
    /// calls `ret` once, from any thread, before or after it returns; who hears of the result frees it. The
    /// newest `orc_rt_WrapperFunction`.
    ASYNC
}
