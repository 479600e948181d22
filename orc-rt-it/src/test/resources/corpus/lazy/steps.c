// SPDX-License-Identifier: Apache-2.0
int third(int value);

int first(int value) {
    return third(value) + 1;
}

int second(int value) {
    return first(value) + third(1);
}
