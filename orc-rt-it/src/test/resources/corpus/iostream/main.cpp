// SPDX-License-Identifier: Apache-2.0
// std::cout beside printf, string streams, manipulators, and an empty std::cin.
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

int main() {
    std::cout << "cout " << 1 << std::endl;
    std::printf("printf %d\n", 2);
    std::cout << std::hex << std::showbase << 255 << ' ' << std::dec << std::setw(6) << std::setfill('*') << 42 << ' '
              << std::fixed << std::setprecision(3) << 2.0 / 3.0 << '\n';
    std::istringstream words("one two three");
    std::string word;
    int letters = 0;
    while (words >> word) {
        letters += static_cast<int>(word.size());
    }
    std::cout << std::boolalpha << "read from stdin: " << static_cast<bool>(std::cin >> word) << '\n';
    std::cout << "letters " << letters;
    return 50 + letters + 2;
}
