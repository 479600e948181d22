// SPDX-License-Identifier: Apache-2.0
// Opens, uses and closes another JITDylib through the ORC runtime, twice. native.c stands in for the runtime natively.
#include <stdio.h>

void *__orc_rt_jit_dlopen(const char *name, int mode);
void *__orc_rt_jit_dlsym(void *handle, const char *symbol);
int __orc_rt_jit_dlclose(void *handle);

enum { LAZILY = 1 };

static int visit(void) {
    void *plugin = __orc_rt_jit_dlopen("plugin", LAZILY);
    if (plugin == NULL) {
        printf("plugin did not open\n");
        return -1;
    }
    int (*answer)(int) = (int (*)(int))__orc_rt_jit_dlsym(plugin, "plugin_answer");
    int value = answer(20);
    printf("plugin answers %d\n", value);
    printf("closed with %d\n", __orc_rt_jit_dlclose(plugin));
    return value;
}

int main(void) {
    int sum = visit();
    sum += visit();
    return sum + 1;
}
