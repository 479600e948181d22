// SPDX-License-Identifier: Apache-2.0
// One slab's life in C: reserve, initialize three segments (rx, r, rw), deinitialize, release. Both functions return 0,
// or the number of the step that failed.
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { SEGMENTS = 3, READ_WRITE = PROT_READ | PROT_WRITE, PAGE = 4096, FEW_PAGES = 4 };

static const int PROTECTION[SEGMENTS] = {PROT_READ | PROT_EXEC, PROT_READ, READ_WRITE};

// The system calls and copies of orc-rt-memory's PrivateMappings and Mappings, in their order: change it with them.
int orc_bench_slab_same_calls(const char *content, size_t segment) {
    size_t size = SEGMENTS * segment;
    char *slab = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (slab == MAP_FAILED) return 1;
    if (mprotect(slab, size, READ_WRITE) != 0) return 2;
    if (size > FEW_PAGES * PAGE && madvise(slab, size, MADV_POPULATE_WRITE) != 0) return 7;
    for (int k = 0; k < SEGMENTS; k++) memcpy(slab + k * segment, content + k * segment, segment);
    for (int k = 0; k < SEGMENTS; k++) {
        if (PROTECTION[k] != READ_WRITE && mprotect(slab + k * segment, segment, PROTECTION[k]) != 0) return 3;
    }
    if (mmap(slab, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != slab) return 5;
    return munmap(slab, size) == 0 ? 0 : 6;
}

// What LLVM 22's SimpleExecutorMemoryManager does: writable from the start, one mprotect for each segment, nothing at
// deinitialize, everything unmapped at release.
int orc_bench_slab_like_llvm(const char *content, size_t segment) {
    size_t size = SEGMENTS * segment;
    char *slab = mmap(NULL, size, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slab == MAP_FAILED) return 1;
    for (int k = 0; k < SEGMENTS; k++) {
        char *at = slab + k * segment;
        memcpy(at, content + k * segment, segment);
        memset(at + segment, 0, 0); // the tail that the content does not cover: none
        if (mprotect(at, segment, PROTECTION[k]) != 0) return 3;
    }
    return munmap(slab, size) == 0 ? 0 : 6;
}
