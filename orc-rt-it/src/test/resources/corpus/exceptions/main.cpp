// SPDX-License-Identifier: Apache-2.0
// Exceptions thrown by our frames and by libstdc++, through clean-ups, rethrown, nested, and across a frame of libc.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Guard {
    const char *name;
    explicit Guard(const char *n) : name(n) { std::printf("enter %s\n", name); }
    ~Guard() { std::printf("leave %s\n", name); }
};

struct Overdrawn : std::runtime_error {
    int missing;
    explicit Overdrawn(int m) : std::runtime_error("overdrawn"), missing(m) {}
};

__attribute__((noinline)) int withdraw(std::map<std::string, int> &accounts, const std::string &name, int amount) {
    Guard guard("withdraw");
    int &balance = accounts.at(name);
    if (balance < amount) {
        throw Overdrawn(amount - balance);
    }
    return balance -= amount;
}

int thrown_by_libstdcxx() {
    try {
        return std::vector<int>(3).at(7);
    } catch (const std::out_of_range &) {
        std::printf("caught out_of_range\n");
        return 3;
    }
}

int rethrown(std::map<std::string, int> &accounts) {
    try {
        Guard guard("rethrown");
        try {
            withdraw(accounts, "ada", 105);
        } catch (const std::exception &e) {
            std::printf("passing on: %s\n", e.what());
            throw;
        }
    } catch (const Overdrawn &e) {
        return e.missing;
    }
    return -1;
}

int nested() {
    try {
        try {
            throw 20;
        } catch (int inner) {
            std::throw_with_nested(std::logic_error("outer " + std::to_string(inner)));
        }
    } catch (const std::exception &outer) {
        try {
            std::rethrow_if_nested(outer);
        } catch (int inner) {
            std::printf("%s holds %d\n", outer.what(), inner);
            return inner;
        }
    }
    return -1;
}

int refuse(const void *, const void *) {
    throw std::string("qsort left early");
}

int through_libc() {
    int numbers[] = {2, 1};
    try {
        std::qsort(numbers, 2, sizeof numbers[0], refuse);
    } catch (const std::string &text) {
        std::printf("%s\n", text.c_str());
        return 10;
    }
    return -1;
}

} // namespace

int main() {
    std::map<std::string, int> accounts{{"ada", 100}, {"bob", 70}};
    int sum = withdraw(accounts, "bob", 0);
    try {
        withdraw(accounts, "eve", 1);
    } catch (const std::out_of_range &) {
        std::printf("no such account\n");
    }
    sum += thrown_by_libstdcxx() + rethrown(accounts) + nested() + through_libc();
    std::printf("sum %d\n", sum);
    return sum;
}
