// SPDX-License-Identifier: Apache-2.0
// Leaves by exit() from deep below main, out of a callback of libc.
#include <stdio.h>
#include <stdlib.h>

static int leave(const void *left, const void *right) {
    (void)left;
    (void)right;
    printf("leaving out of qsort");
    exit(33);
}

__attribute__((noinline)) static int descend(int depth) {
    int numbers[] = {2, 1};
    if (depth == 0) {
        qsort(numbers, 2, sizeof numbers[0], leave);
        return 0;
    }
    return descend(depth - 1) + 1;
}

int main(void) {
    printf("descending\n");
    return descend(100);
}
