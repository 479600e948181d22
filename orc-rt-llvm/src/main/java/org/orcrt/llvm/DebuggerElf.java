// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The smallest ELF shared object that a dynamic loader and a debugger both accept: a function that returns at once and
/// 24 bytes of data, with a dynamic symbol each. Format: System V ABI, "Object Files" (ELF-64, little-endian).
final class DebuggerElf {

    static final String REGISTER_CODE = "__jit_debug_register_code";
    static final String DESCRIPTOR = "__jit_debug_descriptor";

    /// Where things lie in the file, which is also where they lie in memory.
    private static final int PROGRAM_HEADERS = 0x40;

    private static final int SYMBOLS = 0x140;
    private static final int STRINGS = SYMBOLS + 3 * 24;
    private static final int HASH = 0x1d0;
    private static final int TEXT = 0x200;
    private static final int TEXT_END = 0x210;
    private static final int DYNAMIC = 0x1000;
    private static final int DYNAMIC_BYTES = 6 * 16;
    private static final int DATA = DYNAMIC + DYNAMIC_BYTES;
    private static final int DATA_BYTES = 24;
    private static final int DATA_END = DATA + DATA_BYTES;
    private static final int SECTION_NAMES = 0x1080;
    private static final int SECTION_HEADERS = 0x1100;
    private static final int SECTION_BYTES = 64;
    private static final int SECTIONS = 8;

    private static final String STRING_TABLE = "\0" + REGISTER_CODE + "\0" + DESCRIPTOR + "\0";
    private static final String SECTION_NAME_TABLE = "\0.dynsym\0.dynstr\0.hash\0.text\0.dynamic\0.data\0.shstrtab\0";

    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    private DebuggerElf() {}

    /// The file for a processor.
    ///
    /// @param arch as in the system property `os.arch`
    static byte[] image(String arch) {
        boolean arm = arch.equals("aarch64");
        ByteBuffer elf =
                ByteBuffer.allocate(SECTION_HEADERS + SECTIONS * SECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(elf, arm ? 183 : 62);
        putSegments(elf);
        putSymbols(elf);
        elf.position(TEXT);
        elf.putInt(arm ? 0xd65f03c0 : 0xc3); // ret
        putDynamic(elf);
        elf.putInt(DATA, 1); // the descriptor's version
        putSections(elf);
        return elf.array();
    }

    private static void putHeader(ByteBuffer elf, int machine) {
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}); // 64 bits, little-endian, version 1
        elf.position(16);
        elf.putShort((short) 3).putShort((short) machine).putInt(1); // shared object
        elf.putLong(0).putLong(PROGRAM_HEADERS).putLong(SECTION_HEADERS).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 4);
        elf.putShort((short) SECTION_BYTES).putShort((short) SECTIONS).putShort((short) (SECTIONS - 1));
    }

    private static void putSegments(ByteBuffer elf) {
        elf.position(PROGRAM_HEADERS);
        putSegment(elf, 1, READ | EXECUTE, 0, TEXT_END); // PT_LOAD
        putSegment(elf, 1, READ | WRITE, DYNAMIC, DATA_END);
        putSegment(elf, 2, READ | WRITE, DYNAMIC, DATA); // PT_DYNAMIC
        putSegment(elf, 0x6474e551, READ | WRITE, 0, 0); // PT_GNU_STACK: no executable stack
    }

    private static void putSegment(ByteBuffer elf, int type, int flags, int start, int end) {
        elf.putInt(type).putInt(flags).putLong(start).putLong(start).putLong(start);
        elf.putLong(end - start).putLong(end - start).putLong(0x1000);
    }

    private static void putSymbols(ByteBuffer elf) {
        elf.position(SYMBOLS + 24);
        elf.putInt(STRING_TABLE.indexOf(REGISTER_CODE)).put((byte) 0x12).put((byte) 0); // global function
        elf.putShort((short) 4).putLong(TEXT).putLong(TEXT_END - TEXT);
        elf.putInt(STRING_TABLE.indexOf(DESCRIPTOR)).put((byte) 0x11).put((byte) 0); // global object
        elf.putShort((short) 6).putLong(DATA).putLong(DATA_BYTES);
        elf.put(STRING_TABLE.getBytes(StandardCharsets.US_ASCII));
        elf.position(HASH);
        // one bucket, three symbols, a chain 1 -> 2
        for (int word : new int[] {1, 3, 1, 0, 2, 0}) {
            elf.putInt(word);
        }
    }

    private static void putDynamic(ByteBuffer elf) {
        elf.position(DYNAMIC);
        elf.putLong(4).putLong(HASH); // DT_HASH
        elf.putLong(5).putLong(STRINGS); // DT_STRTAB
        elf.putLong(6).putLong(SYMBOLS); // DT_SYMTAB
        elf.putLong(10).putLong(STRING_TABLE.length()); // DT_STRSZ
        elf.putLong(11).putLong(24); // DT_SYMENT
        elf.putLong(0).putLong(0);
    }

    private static void putSections(ByteBuffer elf) {
        elf.position(SECTION_NAMES);
        elf.put(SECTION_NAME_TABLE.getBytes(StandardCharsets.US_ASCII));
        elf.position(SECTION_HEADERS + SECTION_BYTES);
        // type; flags, link, info, entry size: .dynsym is allocated (2) and has its names in section 2
        putSection(elf, ".dynsym", SYMBOLS, STRINGS, 11, 2, 2, 1, 24);
        putSection(elf, ".dynstr", STRINGS, STRINGS + STRING_TABLE.length(), 3, 2, 0, 0, 0);
        putSection(elf, ".hash", HASH, HASH + 24, 5, 2, 1, 0, 4);
        putSection(elf, ".text", TEXT, TEXT_END, 1, 6, 0, 0, 0);
        putSection(elf, ".dynamic", DYNAMIC, DATA, 6, 3, 2, 0, 16);
        putSection(elf, ".data", DATA, DATA_END, 1, 3, 0, 0, 0);
        putSection(elf, ".shstrtab", SECTION_NAMES, SECTION_NAMES + SECTION_NAME_TABLE.length(), 3, 0, 0, 0, 0);
    }

    /// @param rest type, flags, link, info, entry size
    private static void putSection(ByteBuffer elf, String name, int start, int end, int... rest) {
        elf.putInt(SECTION_NAME_TABLE.indexOf("\0" + name + "\0") + 1)
                .putInt(rest[0])
                .putLong(rest[1]);
        elf.putLong(rest[1] == 0 ? 0 : start).putLong(start).putLong(end - start);
        elf.putInt(rest[2]).putInt(rest[3]).putLong(8).putLong(rest[4]);
    }
}
