// SPDX-License-Identifier: Apache-2.0
// Threads with mutex and condition variable, and an exception carried from one thread to another. No std::call_once
// and no std::async: both use thread_local data of libstdc++, which LLVM's own executor cannot reach.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

class Channel {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<int> items;

public:
    void put(int item) {
        {
            std::lock_guard<std::mutex> lock(mutex);
            items.push_back(item);
        }
        filled.notify_one();
    }

    int take() {
        std::unique_lock<std::mutex> lock(mutex);
        filled.wait(lock, [this] { return !items.empty(); });
        int item = items.front();
        items.pop_front();
        return item;
    }
};

long produce_and_consume() {
    Channel channel;
    std::vector<std::thread> producers;
    for (int p = 0; p < 4; p++) {
        producers.emplace_back([&channel, p] {
            for (int i = 0; i < 1000; i++) {
                channel.put(p * 1000 + i);
            }
        });
    }
    long sum = 0;
    for (int i = 0; i < 4000; i++) {
        sum += channel.take();
    }
    for (auto &producer : producers) {
        producer.join();
    }
    return sum;
}

int carry_exception() {
    std::exception_ptr carried;
    std::thread thrower([&carried] {
        try {
            throw std::runtime_error("from afar");
        } catch (...) {
            carried = std::current_exception();
        }
    });
    thrower.join();
    try {
        std::rethrow_exception(carried);
    } catch (const std::runtime_error &e) {
        std::printf("exception %s\n", e.what());
        return 8;
    }
}

} // namespace

int main() {
    std::printf("sum %ld\n", produce_and_consume());
    return 80 + carry_exception();
}
