// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

namespace {

struct Resident {
    int calls = 0;
    Resident() { std::printf("plugin built\n"); }
    ~Resident() { std::printf("plugin destroyed after %d call\n", calls); }
};

Resident resident;

} // namespace

extern "C" int plugin_answer(int question) {
    return question + ++resident.calls;
}
