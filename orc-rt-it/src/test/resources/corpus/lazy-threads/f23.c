// SPDX-License-Identifier: Apache-2.0
int f2(int caller) {
    return caller + 3;
}

int f3(int caller) {
    return caller + 4;
}
