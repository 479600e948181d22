// SPDX-License-Identifier: Apache-2.0
package org.orcrt.llvm;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.orcrt.api.Execution;
import org.orcrt.api.MemoryMapException;
import org.orcrt.api.WrapperFunction;
import org.orcrt.ffm.Errno;
import org.orcrt.ffm.SystemCalls;
import org.orcrt.sps.SpsFunction;
import org.orcrt.sps.SpsReader;
import org.orcrt.sps.SpsWriter;
import org.orcrt.wire.Service;

/// Reads and writes memory of this process for the controller. An address that is not mapped, or not writable, is an
/// error and not a crash. A list of writes is done in order up to the first failure.
final class MemoryAccess {

    private static final long MAX_STRING_BYTES = 1L << 20;
    private static final long MAX_READ_BYTES = 16L << 20;
    private static final int STRING_STEP_BYTES = 256;
    private static final int RANGE_BYTES = 16;

    private final SystemCalls calls;

    MemoryAccess(SystemCalls calls) {
        this.calls = calls;
    }

    Map<Service, WrapperFunction> functions() {
        Map<Service, WrapperFunction> functions = new EnumMap<>(Service.class);
        functions.put(Service.WRITE_UINT8S, leaf((args, result) -> writeNumbers(args, 1)));
        functions.put(Service.WRITE_UINT16S, leaf((args, result) -> writeNumbers(args, 2)));
        functions.put(Service.WRITE_UINT32S, leaf((args, result) -> writeNumbers(args, 4)));
        functions.put(Service.WRITE_UINT64S, leaf((args, result) -> writeNumbers(args, 8)));
        functions.put(Service.WRITE_POINTERS, leaf((args, result) -> writeNumbers(args, 8)));
        functions.put(Service.WRITE_BUFFERS, leaf((args, result) -> writeBuffers(args)));
        functions.put(Service.READ_UINT8S, leaf((args, result) -> readNumbers(args, 1, result)));
        functions.put(Service.READ_UINT16S, leaf((args, result) -> readNumbers(args, 2, result)));
        functions.put(Service.READ_UINT32S, leaf((args, result) -> readNumbers(args, 4, result)));
        functions.put(Service.READ_UINT64S, leaf((args, result) -> readNumbers(args, 8, result)));
        functions.put(Service.READ_POINTERS, leaf((args, result) -> readNumbers(args, 8, result)));
        functions.put(Service.READ_BUFFERS, leaf(this::readBuffers));
        functions.put(Service.READ_STRINGS, leaf(this::readStrings));
        return functions;
    }

    private static WrapperFunction leaf(SpsFunction.Body body) {
        return SpsFunction.of(Execution.LEAF, body);
    }

    /// `void(sequence<(address, number)>)`: the number's bytes go from the frame to the address.
    private void writeNumbers(SpsReader args, int bytes) {
        for (long left = args.readCount(Long.BYTES + bytes); left > 0; left--) {
            long address = args.readU64();
            write(address, args.segment(), args.position(), bytes);
            args.skip(bytes);
        }
        args.end();
    }

    /// `void(sequence<(address, sequence<char>)>)`.
    private void writeBuffers(SpsReader args) {
        for (long left = args.readCount(2 * Long.BYTES); left > 0; left--) {
            long address = args.readU64();
            long length = args.skipBytes();
            write(address, args.segment(), args.position() - length, length);
        }
        args.end();
    }

    /// `sequence<number>(sequence<address>)`.
    private void readNumbers(SpsReader args, int bytes, SpsWriter result) {
        byte[] number = new byte[bytes];
        MemorySegment place = MemorySegment.ofArray(number);
        long count = args.readCount(Long.BYTES);
        result.count(count);
        for (long left = count; left > 0; left--) {
            read(args.readU64(), place, bytes);
            for (byte b : number) {
                result.u8(b);
            }
        }
        args.end();
    }

    /// `sequence<sequence<u8>>(sequence<(start, end)>)`.
    private void readBuffers(SpsReader args, SpsWriter result) {
        long count = args.readCount(RANGE_BYTES);
        result.count(count);
        for (long left = count; left > 0; left--) {
            var range = args.readRange();
            checkRoom(result, range.start().value(), range.sizeBytes());
            result.bytes(copyOf(range.start().value(), range.sizeBytes()));
        }
        args.end();
    }

    /// `sequence<string>(sequence<address>)`: each up to its NUL.
    private void readStrings(SpsReader args, SpsWriter result) {
        long count = args.readCount(Long.BYTES);
        result.count(count);
        for (long left = count; left > 0; left--) {
            long address = args.readU64();
            long length = cStringLength(address);
            checkRoom(result, address, length);
            result.bytes(copyOf(address, length));
        }
        args.end();
    }

    /// One small request must not cost much memory: what a call reads is bounded, and the bound is checked first.
    private static void checkRoom(SpsWriter result, long address, long length) {
        if (length < 0 || result.length() + length > MAX_READ_BYTES) {
            throw new MemoryMapException(
                    MemoryMapException.ACCESS,
                    "cannot read %s bytes at 0x%x: one call reads at most %d bytes"
                            .formatted(Long.toUnsignedString(length), address, MAX_READ_BYTES));
        }
    }

    private byte[] copyOf(long address, long length) {
        if (length > 0) {
            // look before allocating: a range that is not mapped must not cost memory
            read(address, MemorySegment.ofArray(new byte[1]), 1);
            read(address + length - 1, MemorySegment.ofArray(new byte[1]), 1);
        }
        byte[] copy = new byte[(int) length];
        read(address, MemorySegment.ofArray(copy), length);
        return copy;
    }

    private long cStringLength(long address) {
        byte[] step = new byte[STRING_STEP_BYTES];
        MemorySegment place = MemorySegment.ofArray(step);
        for (long length = 0; length < MAX_STRING_BYTES; ) {
            // a step never crosses into a page that may not be there
            long room = STRING_STEP_BYTES - Long.remainderUnsigned(address + length, STRING_STEP_BYTES);
            read(address + length, place, room);
            for (int k = 0; k < room; k++) {
                if (step[k] == 0) {
                    return length + k;
                }
            }
            length += room;
        }
        throw new MemoryMapException(
                MemoryMapException.ACCESS, "no NUL within %d bytes of 0x%x".formatted(MAX_STRING_BYTES, address));
    }

    private void read(long address, MemorySegment to, long length) {
        check("read", address, length, length == 0 ? 0 : calls.readMemory(address, to, 0, length));
    }

    private void write(long address, MemorySegment from, long offset, long length) {
        check("write", address, length, length == 0 ? 0 : calls.writeMemory(address, from, offset, length));
    }

    private static void check(String operation, long address, long length, long done) {
        if (done != length) {
            throw new MemoryMapException(
                    MemoryMapException.ACCESS,
                    "cannot %s %d bytes at 0x%x: %s"
                            .formatted(
                                    operation,
                                    length,
                                    address,
                                    done < 0 ? Errno.text(done) : "only the first " + done + " can be reached"));
        }
    }
}
