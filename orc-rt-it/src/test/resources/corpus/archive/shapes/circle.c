// SPDX-License-Identifier: Apache-2.0
// Must stay in the archive: corpus_defined_nowhere exists nowhere.
int corpus_defined_nowhere(int radius);

int circle(int radius) {
    return corpus_defined_nowhere(radius);
}
