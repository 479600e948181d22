// SPDX-License-Identifier: Apache-2.0
// Leaves by quick_exit(), which does not flush: the program does so itself.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    printf("flushed before quick_exit");
    fflush(stdout);
    quick_exit(23);
}
