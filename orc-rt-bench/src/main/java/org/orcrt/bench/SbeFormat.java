// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.orcrt.bench.Entries.Entry;
import org.orcrt.bench.peers.sbe.MessageHeaderDecoder;
import org.orcrt.bench.peers.sbe.MessageHeaderEncoder;
import org.orcrt.bench.peers.sbe.SbeEntriesDecoder;
import org.orcrt.bench.peers.sbe.SbeEntriesEncoder;

/// Entries in SBE, in flyweights and a buffer that are kept.
final class SbeFormat {

    private static final int BUFFER_BYTES = 4096;

    private final MutableDirectBuffer buffer = new UnsafeBuffer(new byte[BUFFER_BYTES]);
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final SbeEntriesEncoder encoder = new SbeEntriesEncoder();
    private final SbeEntriesDecoder decoder = new SbeEntriesDecoder();

    /// Writes entries over the last ones, and returns how many bytes they take.
    long encode(Entries entries) {
        List<Entry> list = entries.list();
        encoder.wrapAndApplyHeader(buffer, 0, headerEncoder);
        SbeEntriesEncoder.EntriesEncoder group = encoder.entriesCount(list.size());
        for (int i = 0; i < list.size(); i++) {
            Entry entry = list.get(i);
            byte[] content = entry.content();
            group.next()
                    .first(entry.first())
                    .second(entry.second())
                    .name(entry.name())
                    .putContent(content, 0, content.length);
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /// Reads what was written last.
    Entries decode() {
        decoder.wrapAndApplyHeader(buffer, 0, headerDecoder);
        SbeEntriesDecoder.EntriesDecoder group = decoder.entries();
        List<Entry> list = new ArrayList<>(group.count());
        while (group.hasNext()) {
            group.next();
            long first = group.first();
            long second = group.second();
            String name = group.name();
            byte[] content = new byte[group.contentLength()];
            group.getContent(content, 0, content.length);
            list.add(new Entry(name, first, second, content));
        }
        return new Entries(list);
    }
}
