// SPDX-License-Identifier: Apache-2.0
// Refers to what nobody defines: linking it before its first call, which never comes, fails.
int corpus_defined_nowhere(int value);

int never(int value) {
    return corpus_defined_nowhere(value);
}
