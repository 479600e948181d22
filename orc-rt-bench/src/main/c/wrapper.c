// SPDX-License-Identifier: Apache-2.0
// A wrapper function in LLVM's synchronous form, and a loop that calls one.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    union {
        char *pointer;
        char bytes[8];
    } data;
    size_t size;
} WrapperResult;

// Returns its first 8 argument bytes, in place.
WrapperResult orc_bench_echo(const char *args, size_t size) {
    WrapperResult result = {{NULL}, sizeof result.data};
    memcpy(result.data.bytes, args, size < sizeof result.data ? size : sizeof result.data);
    return result;
}

// Calls a wrapper function with the same arguments again and again; returns the sum of the results.
uint64_t orc_bench_repeat(WrapperResult (*function)(const char *, size_t), const char *args, size_t size, long count) {
    uint64_t sum = 0;
    for (long k = 0; k < count; k++) {
        WrapperResult result = function(args, size);
        uint64_t value;
        memcpy(&value, result.data.bytes, sizeof value);
        sum += value;
    }
    return sum;
}
