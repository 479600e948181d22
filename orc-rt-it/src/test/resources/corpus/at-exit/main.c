// SPDX-License-Identifier: Apache-2.0
// Leaves a handler for the end of the process, which comes when this code is gone.

#include <stdio.h>

int __cxa_atexit(void (*handler)(void *), void *argument, void *library);

static void handler(void *argument) {
    puts(argument);
}

int main(void) {
    __cxa_atexit(handler, "called at the end of the process", NULL);
    puts("main returns");
    return 47;
}
