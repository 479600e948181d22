// SPDX-License-Identifier: Apache-2.0
// Memory of every kind: constants, initialized data, 8 MiB of zeros, strict alignment, tables of addresses.
#include <stdint.h>
#include <stdio.h>

enum { ZEROS = 8 << 20, WORDS = 4096 };

static int add(int left, int right) {
    return left + right;
}

static int multiply(int left, int right) {
    return left * right;
}

static const char *const names[] = {"zero", "one", "two"};
static int (*const constant_table[])(int, int) = {add, multiply};
static int (*table[])(int, int) = {multiply, add};
static unsigned char zeros[ZEROS];
static uint32_t words[WORDS] = {[0] = 3, [WORDS - 1] = 4};
static _Alignas(64) char narrow = 'n';
static _Alignas(4096) char wide[4096] = "page";

__attribute__((noinline)) static long sum_of(const volatile unsigned char *bytes, long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
        sum += bytes[i];
    }
    return sum;
}

static const char *is_multiple(const void *address, uintptr_t of) {
    return (uintptr_t)address % of == 0 ? "yes" : "no";
}

int main(int argc, char **argv) {
    (void)argv;
    printf("zeros sum up to %ld\n", sum_of(zeros, ZEROS));
    zeros[0] = zeros[ZEROS - 1] = 21;
    words[argc % WORDS] += 5;
    printf("then to %ld, words to %ld\n", sum_of(zeros, ZEROS), sum_of((unsigned char *)words, sizeof words));
    printf("%s, %s, %c\n", names[2], wide, narrow);
    printf("aligned: %s, %s\n", is_multiple(&narrow, 64), is_multiple(wide, 4096));
    table[1] = constant_table[1];
    return table[0](6, 5) + table[1](6, 7);
}
