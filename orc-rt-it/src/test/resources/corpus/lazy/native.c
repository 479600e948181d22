// SPDX-License-Identifier: Apache-2.0
// The native linker wants all of it at once.
int corpus_defined_nowhere(int value) {
    return value;
}
