// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the executor tells the controller first: names with addresses, and names with bytes. Both keep their order.
///
/// @param processInfo the executor process
/// @param symbols name to address
/// @param values name to bytes; the arrays are owned by this record, not copied
public record BootstrapInfo(ProcessInfo processInfo, Map<String, ExecutorAddress> symbols, Map<String, byte[]> values) {

    /// Copies both maps.
    public BootstrapInfo {
        symbols = Collections.unmodifiableMap(new LinkedHashMap<>(symbols));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
