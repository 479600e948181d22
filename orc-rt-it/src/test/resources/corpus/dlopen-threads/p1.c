// SPDX-License-Identifier: Apache-2.0
static int offset;

__attribute__((constructor)) static void build(void) {
    offset = 1;
}

int plugin_answer(int question) {
    return question + offset;
}
