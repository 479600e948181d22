// SPDX-License-Identifier: Apache-2.0
// Eight threads meet at a barrier and then call functions of four lazily linked objects, each in another order: the
// first calls go back to the controller from several threads at once, some of them for the same object.
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, FUNCTIONS = 8 };

int f0(int), f1(int), f2(int), f3(int), f4(int), f5(int), f6(int), f7(int);

static int (*const functions[FUNCTIONS])(int) = {f0, f1, f2, f3, f4, f5, f6, f7};
static pthread_barrier_t start;

struct Caller {
    pthread_t thread;
    int number;
    int sum;
};

static void *call_all(void *argument) {
    struct Caller *caller = argument;
    pthread_barrier_wait(&start);
    for (int i = 0; i < FUNCTIONS; i++) {
        int chosen = (caller->number + i) % FUNCTIONS;
        caller->sum += functions[chosen](caller->number);
    }
    return NULL;
}

int main(void) {
    struct Caller callers[THREADS] = {{.sum = 0}};
    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        callers[i].number = i;
        pthread_create(&callers[i].thread, NULL, call_all, &callers[i]);
    }
    int sum = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(callers[i].thread, NULL);
        printf("thread %d: %d\n", i, callers[i].sum);
        sum += callers[i].sum;
    }
    printf("sum %d\n", sum);
    return sum == 8 * 36 + 8 * 28 ? 81 : 1;
}
