// SPDX-License-Identifier: Apache-2.0
int area(int width, int height) {
    return width * height;
}
