// SPDX-License-Identifier: Apache-2.0
// Uses 7 MiB of stack, which fits into the 8 MiB of a usual main thread and not into the 1 MiB of a usual Java thread.
#include <stdio.h>
#include <string.h>

enum { FRAME_BYTES = 1024, FRAMES = 7 * 1024 };

__attribute__((noinline)) static unsigned fall(unsigned depth) {
    volatile char frame[FRAME_BYTES - 64];
    memset((char *)frame, (int)(depth & 0x7f), sizeof frame);
    unsigned below = depth == 0 ? 0 : fall(depth - 1);
    return below + (unsigned)frame[depth % sizeof frame];
}

int main(void) {
    printf("sum over %d frames: %u\n", FRAMES, fall(FRAMES - 1));
    return 64;
}
