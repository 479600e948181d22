// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.orcrt.bench.Entries.Entry;
import org.orcrt.bench.peers.protobuf.ProtoEntries;
import org.orcrt.bench.peers.protobuf.ProtoEntry;

/// Entries in Protocol Buffers, in a buffer that is kept.
final class ProtobufFormat {

    private static final int BUFFER_BYTES = 4096;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int written;

    /// Writes entries over the last ones, and returns how many bytes they take. Contents are not copied but into the
    /// buffer.
    long encode(Entries entries) throws IOException {
        List<Entry> list = entries.list();
        ProtoEntries.Builder message = ProtoEntries.newBuilder();
        for (int i = 0; i < list.size(); i++) {
            Entry entry = list.get(i);
            message.addEntries(ProtoEntry.newBuilder()
                    .setName(entry.name())
                    .setFirst(entry.first())
                    .setSecond(entry.second())
                    .setContent(UnsafeByteOperations.unsafeWrap(entry.content()))
                    .build());
        }
        CodedOutputStream out = CodedOutputStream.newInstance(buffer);
        message.build().writeTo(out);
        written = out.getTotalBytesWritten();
        return written;
    }

    /// Reads what was written last.
    Entries decode() throws IOException {
        ProtoEntries message = ProtoEntries.parseFrom(CodedInputStream.newInstance(buffer, 0, written));
        List<Entry> list = new ArrayList<>(message.getEntriesCount());
        for (int i = 0; i < message.getEntriesCount(); i++) {
            ProtoEntry entry = message.getEntries(i);
            list.add(new Entry(
                    entry.getName(),
                    entry.getFirst(),
                    entry.getSecond(),
                    entry.getContent().toByteArray()));
        }
        return new Entries(list);
    }
}
