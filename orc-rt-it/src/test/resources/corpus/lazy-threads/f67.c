// SPDX-License-Identifier: Apache-2.0
int f6(int caller) {
    return caller + 7;
}

int f7(int caller) {
    return caller + 8;
}
