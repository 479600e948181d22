// SPDX-License-Identifier: Apache-2.0
// Calls, data and a function pointer cross the border between two objects in both directions.
#include <stdio.h>
#include <stdlib.h>

extern int weights[4];
int weigh(int (*scale)(int), int index);
int by_value(const void *left, const void *right);

static int doubled(int value) {
    return 2 * value;
}

int counted = 0;

int main(void) {
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += weigh(doubled, i);
    }
    qsort(weights, 4, sizeof weights[0], by_value);
    printf("sorted: %d %d %d %d\n", weights[0], weights[1], weights[2], weights[3]);
    printf("weighed %d times, sum %d\n", counted, sum);
    return sum;
}
