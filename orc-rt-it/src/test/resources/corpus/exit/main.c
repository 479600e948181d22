// SPDX-License-Identifier: Apache-2.0
// Leaves by exit() with an unfinished line: only a flush brings it out.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    printf("first line\n");
    printf("no newline before exit");
    exit(7);
}
