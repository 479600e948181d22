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
/// **From Java types.** [SpsBinder] makes codecs of records and functions of interfaces; [SpsCodecs] has the
/// codec of each type, for those who put them together by hand. The type in Java says the type in SPS:
///
/// | Java | SPS | in [SpsCodecs] |
/// |---|---|---|
/// | `boolean` | bool | `BOOL` |
/// | `byte`, `short`, `int`, `long` | 8, 16, 32, 64 bits | `I8`, `I16`, `I32`, `I64` |
/// | `char` | 16 bits | |
/// | `@SpsUnsigned(8) int`, `@SpsUnsigned(16) int` | 8, 16 bits, not negative | `U8`, `U16` |
/// | `@SpsUnsigned(32) long` | 32 bits, not negative | `U32` |
/// | `Integer`, `Long` and so on | as the primitive type; for type parameters | |
/// | `String` | string, in UTF-8 | `TEXT` |
/// | `@SpsName String` | string, byte for byte | `NAME` |
/// | `byte[]`, `int[]`, `long[]` | sequence | `BYTES`, `INTS`, `LONGS` |
/// | `MemorySegment` | sequence of bytes, read where it lies | `SLICE` |
/// | `List<T>` | sequence | `list` |
/// | `Map<K, V>` | map | `map` |
/// | `Optional<T>` | optional | `optional` |
/// | `SpsError` | error | `ERROR` |
/// | `SpsExpected<T>` | expected | `expected` |
/// | record | tuple of its components | `forRecord` |
/// | `ExecutorAddress`, `ExecutorAddressRange` | address, address range | `ADDRESS`, `RANGE` |
/// | `SymbolRequest`, `SymbolDefinition` | element of a look-up, symbol | `SYMBOL_REQUEST`, `SYMBOL_DEFINITION` |
/// | the types of memory requests | as in [SpsMemory] | `INITIALIZE_REQUEST` and others |
/// | parameters of a method | arguments, in order | |
/// | `void`, `CompletionStage<Void>` | no bytes; an error if the method is [SpsMethod#fallible] | `EMPTY` |
/// | `R`, `CompletionStage<R>` as a result | as `R`; an expected if the method is [SpsMethod#fallible] | |
/// | whatever [SpsBinder#with] was told | its codec | |
///
/// Everything else is refused when the codec is made: fractions and enums, which SPS does not have; generic records;
/// records that hold themselves, for which there is [SpsCodecs#recursive]. Null is never a value.
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
