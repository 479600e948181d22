// SPDX-License-Identifier: Apache-2.0
// setjmp and longjmp over frames of JIT'd code, and over a frame of libc (qsort).
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf home;

static void descend(int depth) {
    if (depth == 0) {
        longjmp(home, 40);
    }
    descend(depth - 1);
    printf("never reached\n");
}

static int leave(const void *left, const void *right) {
    (void)left;
    (void)right;
    longjmp(home, 15);
}

int main(void) {
    volatile int sum = 0;
    int numbers[] = {3, 1, 2};
    int value = setjmp(home);
    if (value == 0) {
        descend(10);
    }
    printf("jumped with %d\n", value);
    sum += value;
    if (value == 40) {
        qsort(numbers, 3, sizeof numbers[0], leave);
    }
    return sum;
}
