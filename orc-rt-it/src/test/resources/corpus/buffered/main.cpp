// SPDX-License-Identifier: Apache-2.0
// Output that stands in a buffer of C++'s own when main returns, beside one of C's.

#include <cstdio>
#include <iostream>

int main() {
    std::ios_base::sync_with_stdio(false);
    std::printf("by printf\n");
    std::cout << "by cout\n";
    std::clog.flush();
    return 46;
}
