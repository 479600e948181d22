// SPDX-License-Identifier: Apache-2.0
int third(int value) {
    return value + 2;
}
