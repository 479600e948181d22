// SPDX-License-Identifier: Apache-2.0
// Calls Java methods by name: bytes in, bytes out, as the methods of Typed.java say.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// up to 8 bytes lie in place, more in a block from malloc; no bytes and a text are an error
struct result {
    union {
        char *block;
        char bytes[8];
    };
    size_t size;
};

// Java methods, published by Typed.java
struct result calculator_add(const char *args, size_t size);
struct result calculator_divide(const char *args, size_t size);

int main(void) {
    int64_t args[2] = {40, 2};
    struct result added = calculator_add((const char *)args, sizeof args);
    int64_t sum = 0;
    if (added.size != sizeof sum) {
        return 1;
    }
    memcpy(&sum, added.bytes, sizeof sum);
    printf("C: 40 + 2 = %lld\n", (long long)sum);

    int64_t by_zero[2] = {1, 0};
    struct result divided = calculator_divide((const char *)by_zero, sizeof by_zero);
    // the result may be a failure: a byte 0, the length of the text, the text
    if (divided.size <= 1 + sizeof(uint64_t) || divided.block[0] != 0) {
        return 1;
    }
    int length = (int)(divided.size - 1 - sizeof(uint64_t));
    printf("C: 1 / 0 failed: %.*s\n", length, divided.block + 1 + sizeof(uint64_t));
    free(divided.block);
    return (int)sum;
}
