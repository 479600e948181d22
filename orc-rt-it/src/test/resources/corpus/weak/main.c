// SPDX-License-Identifier: Apache-2.0
// A weak reference that nobody satisfies is null, one that libc satisfies is not.
#include <stdio.h>

__attribute__((weak)) void corpus_optional_extension(void);
__attribute__((weak)) int puts(const char *line);

int main(void) {
    printf("extension %s, puts %s\n", corpus_optional_extension ? "present" : "absent", puts ? "present" : "absent");
    return corpus_optional_extension ? 1 : 12;
}
