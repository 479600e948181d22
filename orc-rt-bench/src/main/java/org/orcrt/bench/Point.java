// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.util.Map;

/// What is measured: a benchmark method and its parameters.
///
/// @param method `Class.method`, the class in this package
/// @param parameters values of the `@Param` fields by name
record Point(String method, Map<String, String> parameters) {

    @Override
    public String toString() {
        return parameters.isEmpty() ? method : method + parameters;
    }
}
