// SPDX-License-Identifier: Apache-2.0
package org.orcrt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.orcrt.memory.MapFixture.OPTIONS;
import static org.orcrt.memory.MapFixture.PAGE;
import static org.orcrt.memory.MapFixture.RW;
import static org.orcrt.memory.MapFixture.segment;
import static org.orcrt.memory.MapFixture.temporary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ExecutorAddressRange;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.memory.InitializeRequest;
import org.orcrt.api.memory.SegmentRequest;
import org.orcrt.api.type.TypeId;

/// Which requests fit where, by sheer number: the check and the table against models that know one page at a time, or
/// numbers without end.
class LayoutModelTest {

    private static final int LAYOUTS = 1_000_000;
    private static final int PAGES = 64;
    private static final ExecutorAddress SLAB = new ExecutorAddress(0x7000_0000);

    private final RequestCheck check = new RequestCheck(OPTIONS);
    private final SlabTable table = new SlabTable(OPTIONS);

    /// What the model knows: pages of live regions, and their keys.
    private final BitSet used = new BitSet(PAGES);
    private final List<Region> live = new ArrayList<>();

    private void reserve() {
        table.admit(PAGES * PAGE);
        table.add(new Slab(new ExecutorAddressRange(SLAB, SLAB.plus(PAGES * PAGE))));
    }

    @Test
    @Tag("M4")
    void a_million_random_layouts_fit_exactly_where_pages_are_free() {
        reserve();
        Random random = new Random(20261122);
        int fitting = 0;
        int disagreements = 0;
        for (int k = 0; k < LAYOUTS; k++) {
            List<SegmentRequest> segments = randomSegments(random);
            TypeId expected = expected(segments);
            disagreements += expected == claim(segments) ? 0 : 1;
            fitting += expected == null ? 1 : 0;
            if (live.size() > random.nextInt(12)) {
                Region gone = live.remove(random.nextInt(live.size()));
                table.take(gone.key);
                table.gone(gone, true);
                gone.pages.forEach(range -> used.clear(pageOf(range.start()), pageOf(range.end())));
            }
        }
        assertThat(disagreements).isZero();
        assertThat(fitting).as("layouts that fit").isBetween(LAYOUTS / 10, LAYOUTS - LAYOUTS / 10);
    }

    private static List<SegmentRequest> randomSegments(Random random) {
        List<SegmentRequest> segments = new ArrayList<>();
        int area = random.nextInt(PAGES);
        for (int k = random.nextInt(4); k >= 0; k--) {
            int page = area + random.nextInt(14) - 2;
            long sizeBytes = random.nextInt(5) == 0 ? 0 : 1 + random.nextLong(3 * PAGE);
            segments.add(segment(random.nextInt(5) == 0 ? temporary(RW) : RW, SLAB.plus(page * PAGE), sizeBytes));
        }
        return segments;
    }

    /// What the model says: the kind of the refusal, or null.
    private TypeId expected(List<SegmentRequest> segments) {
        BitSet own = new BitSet();
        boolean inside = true;
        for (SegmentRequest segment : segments) {
            int from = pageOf(segment.address());
            int to = from + (int) ((segment.sizeBytes() + PAGE - 1) / PAGE);
            inside &= from >= 0 && to <= PAGES;
            for (int page = from; page < to; page++) {
                if (own.get(page + PAGES)) {
                    return MemoryMapException.OVERLAP;
                }
                own.set(page + PAGES);
            }
        }
        if (!inside) {
            return MemoryMapException.OUT_OF_SLAB;
        }
        ExecutorAddress key = keyOf(segments);
        BitSet wanted = own.get(PAGES, 2 * PAGES);
        boolean free = live.stream().noneMatch(region -> region.key.equals(key)) && !wanted.intersects(used);
        return free ? null : MemoryMapException.OVERLAP;
    }

    private static ExecutorAddress keyOf(List<SegmentRequest> segments) {
        TreeSet<ExecutorAddress> standard = new TreeSet<>();
        TreeSet<ExecutorAddress> all = new TreeSet<>();
        for (SegmentRequest segment : segments) {
            all.add(segment.address());
            if (segment.group().equals(RW)) {
                standard.add(segment.address());
            }
        }
        return (standard.isEmpty() ? all : standard).first();
    }

    /// What the code says.
    private TypeId claim(List<SegmentRequest> segments) {
        try {
            Layout layout = check.layoutOf(new InitializeRequest(segments, List.of()));
            Region region = table.claim(null, layout);
            table.initialized(region, layout);
            region.pages.forEach(range -> used.set(pageOf(range.start()), pageOf(range.end())));
            live.add(region);
            return null;
        } catch (MemoryMapException refusal) {
            return refusal.typeId();
        }
    }

    private static int pageOf(ExecutorAddress address) {
        return (int) ((address.value() - SLAB.value()) / PAGE);
    }

    @Test
    @Tag("M2")
    void ten_thousand_boundary_values_run_over_the_end_of_addresses_exactly_if_their_sum_does() {
        reserve();
        long[] values = boundaryValues();
        int refused = 0;
        for (long address : values) {
            for (long sizeBytes : values) {
                TypeId kind = kindOfLayout(address, sizeBytes);
                assertThat(kind).as("0x%x bytes at 0x%x", sizeBytes, address).isEqualTo(expected(address, sizeBytes));
                refused += kind == MemoryMapException.SIZE_OVERFLOW ? 1 : 0;
            }
        }
        assertThat(values.length * values.length).isGreaterThanOrEqualTo(10_000);
        assertThat(refused).isPositive();
    }

    private TypeId kindOfLayout(long address, long sizeBytes) {
        InitializeRequest request =
                new InitializeRequest(List.of(segment(RW, new ExecutorAddress(address), sizeBytes)), List.of());
        try {
            Region region = table.claim(null, check.layoutOf(request));
            table.gone(region, true);
            return null;
        } catch (MemoryMapException refusal) {
            return refusal.typeId();
        }
    }

    private static TypeId expected(long address, long sizeBytes) {
        BigInteger page = BigInteger.valueOf(PAGE);
        BigInteger start = unsigned(address);
        BigInteger pages =
                unsigned(sizeBytes).add(page).subtract(BigInteger.ONE).divide(page);
        BigInteger end = start.add(pages.multiply(page));
        if (address % PAGE != 0) {
            return MemoryMapException.MISALIGNED;
        }
        if (end.bitLength() > 64) {
            return MemoryMapException.SIZE_OVERFLOW;
        }
        BigInteger slab = unsigned(SLAB.value());
        boolean inside = start.compareTo(slab) >= 0 && end.compareTo(slab.add(BigInteger.valueOf(PAGES * PAGE))) <= 0;
        return inside ? null : MemoryMapException.OUT_OF_SLAB;
    }

    private static long[] boundaryValues() {
        TreeSet<Long> values = new TreeSet<>();
        for (int bit : new int[] {0, 11, 12, 13, 21, 31, 32, 40, 47, 48, 62, 63}) {
            for (long near : new long[] {0, 1, -1, PAGE, -PAGE}) {
                values.add((1L << bit) + near);
                values.add(-(1L << bit) + near);
            }
        }
        for (long edge : new long[] {0, SLAB.value(), SLAB.value() + PAGES * PAGE, PAGES * PAGE}) {
            for (long near : new long[] {0, 1, -1, PAGE, -PAGE}) {
                values.add(edge + near);
            }
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
