/// Simple Packed Serialization (SPS), the byte format in which LLVM's ORC controllers and executors talk.
///
/// Nothing in the bytes says what they mean: both sides know the type, fields follow each other without padding, and
/// every number is little-endian and unaligned.
///
/// | Type | Bytes | Read by | Written by |
/// |---|---|---|---|
/// | bool | 1: 0 or 1 | [SpsReader#readBool] | [SpsWriter#bool] |
/// | 8, 16 bits | 1, 2 | [SpsReader#readU8], [SpsReader#readU16] | [SpsWriter#u8], [SpsWriter#u16] |
/// | 32 bits | 4 | [SpsReader#readI32], [SpsReader#readU32] | [SpsWriter#i32], [SpsWriter#u32] |
/// | 64 bits, `size_t` | 8 | [SpsReader#readU64] | [SpsWriter#u64] |
/// | address, pointer | 8 | [SpsReader#readAddress] | [SpsWriter#address] |
/// | address range | 16: start, end | [SpsReader#readRange] | [SpsWriter#range] |
/// | sequence, map | 8: how many; then the elements | [SpsReader#readCount] | [SpsWriter#count] |
/// | name | 8: how many; then the bytes | [SpsReader#readName] | [SpsWriter#name] |
/// | message | 8: how many; then UTF-8 | [SpsReader#readText] | [SpsWriter#text] |
/// | bytes | 8: how many; then the bytes | [SpsReader#readBytes], [SpsReader#skipBytes] | [SpsWriter#bytes] |
/// | tuple, arguments | the fields in order | | |
/// | optional | bool "there is one", then it | [SpsReader#readBool] | [SpsWriter#bool] |
/// | error | bool "it failed", then the message | [SpsReader#readError] | [SpsWriter#success], [SpsWriter#error] |
/// | expected | bool "it worked", then the value or a message | | [SpsWriter#expected], [SpsWriter#unexpected] |
/// | memory request | | [SpsMemory] | [SpsMemory] |
///
/// Names, messages and byte buffers are one type to LLVM: a sequence of `char`, without NUL at the end and without a
/// rule for the character set.
///
/// The bool means opposite things in an error and in an expected: 1 is bad news in the one and good news in the other.
///
/// Two rules here are stricter than LLVM's: a bool other than 0 or 1 is refused, and a count is checked against the
/// bytes that are left before anything is allocated for it.
///
/// Source: the behaviour of LLVM's `SimplePackedSerialization.h` and its memory-manager types.
package org.orcrt.sps;
