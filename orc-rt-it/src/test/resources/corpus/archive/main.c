// SPDX-License-Identifier: Apache-2.0
// Takes two members of libshapes.a. The third one refers to a symbol that nobody defines: whoever pulls it in fails.
#include <stdio.h>

int square(int side);
int triangle(int base, int height);

int main(void) {
    printf("square %d, triangle %d\n", square(5), triangle(4, 3));
    return square(5) + triangle(4, 3);
}
