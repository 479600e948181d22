// SPDX-License-Identifier: Apache-2.0
// Four threads open one JITDylib each, and then all of them one shared one, at the same time.
#include <pthread.h>
#include <stdio.h>

void *__orc_rt_jit_dlopen(const char *name, int mode);
void *__orc_rt_jit_dlsym(void *handle, const char *symbol);
int __orc_rt_jit_dlclose(void *handle);

enum { LAZILY = 1, THREADS = 4 };

static pthread_barrier_t start;

struct Visitor {
    pthread_t thread;
    const char *own;
    int sum;
};

static int ask(const char *name, int question) {
    void *plugin = __orc_rt_jit_dlopen(name, LAZILY);
    if (plugin == NULL) {
        return -1000;
    }
    int (*answer)(int) = (int (*)(int))__orc_rt_jit_dlsym(plugin, "plugin_answer");
    int value = answer == NULL ? -1000 : answer(question);
    return __orc_rt_jit_dlclose(plugin) == 0 ? value : -1000;
}

static void *visit(void *argument) {
    struct Visitor *visitor = argument;
    pthread_barrier_wait(&start);
    visitor->sum = ask(visitor->own, 0);
    pthread_barrier_wait(&start);
    visitor->sum += ask("shared", 100);
    return NULL;
}

int main(void) {
    struct Visitor visitors[THREADS] = {{.own = "p1"}, {.own = "p2"}, {.own = "p3"}, {.own = "p4"}};
    int sum = 0;
    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(visitors[i].thread, NULL);
        printf("thread %d: %d\n", i, visitors[i].sum);
        sum += visitors[i].sum;
    }
    printf("sum %d\n", sum);
    return sum == 4 * 105 + 1 + 2 + 3 + 4 ? 44 : 1;
}
