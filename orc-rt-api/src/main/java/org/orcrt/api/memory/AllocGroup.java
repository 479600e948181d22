// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

/// Protection and lifetime of a segment.
///
/// @param readable whether it may be read
/// @param writable whether it may be written
/// @param executable whether it may be run
/// @param lifetime how long it is needed
public record AllocGroup(boolean readable, boolean writable, boolean executable, Lifetime lifetime) {

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int FINALIZE = 8;

    /// A request may have millions of segments.
    private static final AllocGroup[] BY_ID = new AllocGroup[16];

    static {
        for (int id = 0; id < BY_ID.length; id++) {
            BY_ID[id] = new AllocGroup(
                    (id & READ) != 0,
                    (id & WRITE) != 0,
                    (id & EXECUTE) != 0,
                    (id & FINALIZE) != 0 ? Lifetime.FINALIZE : Lifetime.STANDARD);
        }
    }

    /// Decodes the byte that LLVM sends (`RemoteAllocGroup`): read 1, write 2, execute 4, finalize lifetime 8.
    ///
    /// @param id the byte
    /// @return the group
    public static AllocGroup ofId(int id) {
        if (id < 0 || id > 15) {
            throw new IllegalArgumentException("allocation group has unknown bits: 0x%x".formatted(id));
        }
        return BY_ID[id];
    }

    /// Encodes this group as LLVM does.
    ///
    /// @return a number from 0 to 15
    public int id() {
        return protection() | (lifetime == Lifetime.FINALIZE ? FINALIZE : 0);
    }

    /// The protection alone: read 1, write 2, execute 4. These are also the values of `PROT_READ`, `PROT_WRITE` and
    /// `PROT_EXEC` on Linux and macOS.
    ///
    /// @return a number from 0 to 7
    public int protection() {
        return (readable ? READ : 0) | (writable ? WRITE : 0) | (executable ? EXECUTE : 0);
    }

    @Override
    public String toString() {
        return (readable ? "r" : "-")
                + (writable ? "w" : "-")
                + (executable ? "x" : "-")
                + (lifetime == Lifetime.FINALIZE ? " (finalize)" : "");
    }
}
