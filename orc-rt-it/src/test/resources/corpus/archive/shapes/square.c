// SPDX-License-Identifier: Apache-2.0
int area(int width, int height);

int square(int side) {
    return area(side, side);
}
