// SPDX-License-Identifier: Apache-2.0
// Prints what main was given. Without --args llvm-jitlink hands over argc = 0 and argv[0] = NULL.
#include <stdio.h>
#include <string.h>

static const char *basename_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int main(int argc, char **argv) {
    printf("hello, argc=%d\n", argc);
    for (int i = 0; i < argc; i++) {
        printf("argv[%d]='%s'\n", i, i == 0 ? basename_of(argv[i]) : argv[i]);
    }
    printf("argv[argc] is %s\n", argv[argc] == NULL ? "null" : "not null");
    return 42;
}
