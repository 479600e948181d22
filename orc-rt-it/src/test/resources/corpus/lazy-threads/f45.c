// SPDX-License-Identifier: Apache-2.0
int f4(int caller) {
    return caller + 5;
}

int f5(int caller) {
    return caller + 6;
}
