// SPDX-License-Identifier: Apache-2.0
package org.orcrt.api.memory;

import java.lang.foreign.MemorySegment;
import org.orcrt.api.ExecutorAddress;

/// One segment to initialize: where, how long, with what in it. What `content` does not cover is zero.
///
/// @param group protection and lifetime
/// @param address its first byte
/// @param sizeBytes its size, unsigned; need not be a multiple of the page size
/// @param content what to copy to its start, at most `sizeBytes` long; valid until `initialize` returns
public record SegmentRequest(AllocGroup group, ExecutorAddress address, long sizeBytes, MemorySegment content) {}
