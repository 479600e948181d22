// SPDX-License-Identifier: Apache-2.0
int f0(int caller) {
    return caller + 1;
}

int f1(int caller) {
    return caller + 2;
}
