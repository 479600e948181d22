// SPDX-License-Identifier: Apache-2.0
// 4 MiB through deflate and inflate at two levels; checksums instead of compressed sizes, which differ by version.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BYTES = 4 << 20 };

static void fill(unsigned char *bytes) {
    unsigned state = 12345;
    for (int i = 0; i < BYTES; i++) {
        state = state * 1103515245u + 12345u;
        bytes[i] = i % 1024 < 512 ? (unsigned char)"orc runtime "[i % 12] : (unsigned char)(state >> 24);
    }
}

static int round_trip(const unsigned char *input, int level) {
    uLongf packed_size = compressBound(BYTES);
    uLongf size = BYTES;
    unsigned char *packed = malloc(packed_size);
    unsigned char *output = malloc(BYTES);
    int packing = compress2(packed, &packed_size, input, BYTES, level);
    int unpacking = uncompress(output, &size, packed, packed_size);
    int same = packing == Z_OK && unpacking == Z_OK && size == BYTES && memcmp(input, output, BYTES) == 0;
    printf("level %d: smaller %s, same %s, crc %08lx\n", level, packed_size < BYTES ? "yes" : "no", same ? "yes" : "no",
           crc32(0, output, BYTES));
    free(packed);
    free(output);
    return same;
}

int main(void) {
    unsigned char *input = malloc(BYTES);
    fill(input);
    printf("adler %08lx\n", adler32(1, input, BYTES));
    int good = round_trip(input, 1) + round_trip(input, 9);
    free(input);
    return 7 + good;
}
