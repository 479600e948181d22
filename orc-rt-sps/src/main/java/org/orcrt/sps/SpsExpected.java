// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

/// A value, or the text of why there is none: LLVM's `SPSExpected`. For values inside of others; a method that throws
/// instead is the better result ([SpsMethod#fallible]).
///
/// @param <T> the value's type
public sealed interface SpsExpected<T> {

    /// The value is there.
    ///
    /// @param <T> the value's type
    /// @param value the value
    record Value<T>(T value) implements SpsExpected<T> {}

    /// There is none.
    ///
    /// @param <T> the value's type
    /// @param text why, as the peer wrote it
    record Failure<T>(String text) implements SpsExpected<T> {}

    /// Wraps a value.
    ///
    /// @param <T> the value's type
    /// @param value the value
    /// @return that it is there
    static <T> SpsExpected<T> of(T value) {
        return new Value<>(value);
    }

    /// Says why there is no value.
    ///
    /// @param <T> the value's type
    /// @param text why
    /// @return that there is none
    static <T> SpsExpected<T> failure(String text) {
        return new Failure<>(text);
    }

    /// The value, or else an exception.
    ///
    /// @return the value
    /// @throws org.orcrt.api.CallException of kind [org.orcrt.api.CallException#HANDLER_FAILED] if there is none
    default T orThrow() {
        return switch (this) {
            case Value<T> there -> there.value();
            case Failure<T> failure -> throw CalleeFailure.of(failure.text());
        };
    }
}
