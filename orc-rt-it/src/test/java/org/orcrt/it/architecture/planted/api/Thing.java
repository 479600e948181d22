// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.api;

/// Planted: fit to be known by all but its kinds.
public final class Thing {}
