// SPDX-License-Identifier: Apache-2.0
// Each std::thread has its own copies of thread_local data, and ends them when it ends. Given an argument, so has main.
// The variables are plain and of external linkage, and the end is registered by hand: a thread_local object with a
// constructor has a guard of internal linkage, for which clang picks the local dynamic model, unknown to JITLink 22.
#include <atomic>
#include <cstdio>
#include <cxxabi.h>
#include <thread>
#include <vector>

extern "C" void *__dso_handle;

struct Counter {
    int value;
    bool known;
};

std::atomic<int> begun{0};
std::atomic<int> ended{0};
thread_local int started = 5;
thread_local Counter counter;

static void end(void *ending) {
    if (ending == &counter) {
        ended++;
    }
}

static int count_to(int limit) {
    if (!counter.known) {
        counter.known = true;
        begun++;
    }
    for (int i = 0; i < limit; i++) {
        counter.value++;
        started++;
    }
    return counter.value + started;
}

static int count_in_thread_to(int limit) {
    abi::__cxa_thread_atexit(end, &counter, &__dso_handle);
    return count_to(limit);
}

int main(int argc, char **) {
    bool main_too = argc > 1;
    if (main_too) {
        count_to(2);
    }
    for (int i = 0; i < 4; i++) {
        int seen = 0;
        std::thread thread([&seen, i] { seen = count_in_thread_to(10 * i); });
        thread.join();
        std::printf("thread %d counted to %d\n", i, seen);
    }
    std::vector<std::thread> together;
    std::atomic<int> sum{0};
    for (int i = 0; i < 8; i++) {
        together.emplace_back([&sum] { sum += count_in_thread_to(1000); });
    }
    for (auto &thread : together) {
        thread.join();
    }
    std::printf("together %d\n", sum.load());
    if (main_too) {
        std::printf("main kept %d and %d\n", counter.value, started);
    }
    std::printf("%d begun, %d ended\n", begun.load(), ended.load());
    return (main_too ? 25 : 15) + ended.load();
}
