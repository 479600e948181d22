// SPDX-License-Identifier: Apache-2.0
// Leaves by _exit(), which does not flush: the program does so itself.
#include <stdio.h>
#include <unistd.h>

int main(void) {
    printf("flushed before _exit");
    fflush(stdout);
    _exit(19);
}
