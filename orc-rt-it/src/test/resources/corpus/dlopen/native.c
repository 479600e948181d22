// SPDX-License-Identifier: Apache-2.0
// What the ORC runtime offers, by means of the system: only for the native run. A JITDylib is a shared object here.
#include <dlfcn.h>
#include <stdio.h>

void *__orc_rt_jit_dlopen(const char *name, int mode) {
    char path[256];
    snprintf(path, sizeof path, "./%s.so", name);
    return dlopen(path, mode);
}

void *__orc_rt_jit_dlsym(void *handle, const char *symbol) {
    return dlsym(handle, symbol);
}

int __orc_rt_jit_dlclose(void *handle) {
    return dlclose(handle);
}
