// SPDX-License-Identifier: Apache-2.0
// Says where it runs: in a Java process, JIT-linked by LLVM.
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char host[256];
    ssize_t length = readlink("/proc/self/exe", host, sizeof host - 1);
    host[length > 0 ? length : 0] = 0;
    printf("hello from JIT'd code inside %s\n", length > 0 ? host : "an unknown process");
    for (int k = 1; k < argc; k++) {
        printf("  argument %d: %s\n", k, argv[k]);
    }
    return 42;
}
