// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.api.memory;

/// Planted: fit to be known by nobody below or beside it.
public final class Request {}
