// SPDX-License-Identifier: Apache-2.0
// Hands one of its functions to Java and waits there until the controller is gone. Nobody hears what main returns.
#include <stdio.h>

// Java functions, published by AfterController.java
void keep_function(int (*function)(int));
void wait_for_the_end(void);

static int calls;

static int next(int x) {
    ++calls;
    return x + 1;
}

int main(void) {
    keep_function(next);
    wait_for_the_end();
    printf("main returns, without a controller\n");
    return 0;
}
