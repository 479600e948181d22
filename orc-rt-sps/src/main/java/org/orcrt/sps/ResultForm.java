// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

/// What a function's result can say besides its value.
enum ResultForm {
    /// Nothing: failures travel out of band.
    PLAIN,
    /// `SPSError`, without a value.
    ERROR,
    /// `SPSExpected`.
    EXPECTED;

    void writeSuccess(SpsWriter writer) {
        switch (this) {
            case PLAIN -> {}
            case ERROR -> writer.success();
            case EXPECTED -> writer.expected();
        }
    }

    /// Writes a failure.
    ///
    /// @return whether there are bytes for it
    boolean writeFailure(SpsWriter writer, String text) {
        switch (this) {
            case PLAIN -> {}
            case ERROR -> writer.reset().error(text);
            case EXPECTED -> writer.reset().unexpected(text);
        }
        return this != PLAIN;
    }

    /// Reads what stands before a value.
    ///
    /// @throws org.orcrt.api.CallException if there is a failure instead
    void readSuccess(SpsReader reader) {
        switch (this) {
            case PLAIN -> {}
            case ERROR -> SpsCodecs.ERROR.read(reader).orThrow();
            case EXPECTED -> {
                if (!reader.readBool()) {
                    throw CalleeFailure.of(reader.readText());
                }
            }
        }
    }
}
