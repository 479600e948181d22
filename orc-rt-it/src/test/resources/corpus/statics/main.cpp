// SPDX-License-Identifier: Apache-2.0
// Objects with static storage: built before main by priority and then by place, destroyed after it in reverse.
// The local one is complete before the one whose constructor asks for it, so it is destroyed after it.
#include <cstdio>

namespace {

int built = 0;

struct Noisy {
    const char *name;
    explicit Noisy(const char *n) : name(n) { std::printf("build %s as %d\n", name, ++built); }
    ~Noisy() { std::printf("destroy %s\n", name); }
};

Noisy &on_first_use() {
    static Noisy local("local");
    return local;
}

struct Borrower {
    Noisy own;
    explicit Borrower(const char *n) : own(n) { std::printf("%s borrows %s\n", n, on_first_use().name); }
};

Noisy third("third");
Borrower fourth("fourth");
__attribute__((init_priority(2000))) Noisy second("second");
__attribute__((init_priority(1000))) Noisy first("first");

__attribute__((constructor)) void function_before_main() {
    std::printf("constructor function\n");
}

} // namespace

int main() {
    std::printf("main sees %d\n", built);
    return 50 + built;
}
