// SPDX-License-Identifier: Apache-2.0
package org.orcrt.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.orcrt.api.BootstrapInfo;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ProcessInfo;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;

/// The payload of the executor's first frame: triple, page size, values by name, addresses by name.
final class SetupMessage {

    private SetupMessage() {}

    static SpsWriter write(BootstrapInfo info) {
        SpsWriter out = new SpsWriter();
        out.name(info.processInfo().triple()).u64(info.processInfo().pageBytes());
        out.count(info.values().size());
        for (Map.Entry<String, byte[]> value : info.values().entrySet()) {
            out.name(value.getKey()).bytes(value.getValue());
        }
        out.count(info.symbols().size());
        for (Map.Entry<String, ExecutorAddress> symbol : info.symbols().entrySet()) {
            out.name(symbol.getKey()).address(symbol.getValue());
        }
        return out;
    }

    /// @throws SpsException if the bytes are no such payload
    static BootstrapInfo read(SpsReader in) {
        String triple = in.readName();
        long pageBytes = in.readU64();
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (long left = in.readCount(2 * Long.BYTES); left > 0; left--) {
            values.put(in.readName(), in.readBytes());
        }
        Map<String, ExecutorAddress> symbols = new LinkedHashMap<>();
        for (long left = in.readCount(2 * Long.BYTES); left > 0; left--) {
            symbols.put(in.readName(), in.readAddress());
        }
        in.end();
        return new BootstrapInfo(new ProcessInfo(triple, pageBytes), symbols, values);
    }
}
