// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.sps;

/// Planted: what only wrapper functions may know.
public final class Codec {}
