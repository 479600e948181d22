// SPDX-License-Identifier: Apache-2.0
// Every function of the other objects is linked at its first call: through a pointer, in a chain, and never.
#include <stdio.h>

int first(int value);
int second(int value);
int never(int value);

int main(int argc, char **argv) {
    (void)argv;
    int (*through_pointer)(int) = second;
    printf("first gives %d\n", first(3));
    printf("again gives %d\n", first(4));
    printf("second gives %d\n", through_pointer(5));
    if (argc > 100) {
        return never(argc);
    }
    return first(3) + second(5) + 12;
}
