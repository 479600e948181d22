// SPDX-License-Identifier: Apache-2.0
// A std::thread calls exit() while main waits for it: the process ends all the same.
#include <cstdio>
#include <cstdlib>
#include <thread>

int main() {
    std::printf("main waits\n");
    std::thread leaver([] {
        std::printf("the thread leaves");
        std::exit(17);
    });
    leaver.join();
    std::printf("never reached\n");
    return 1;
}
