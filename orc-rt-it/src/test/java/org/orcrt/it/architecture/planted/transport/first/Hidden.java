// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture.planted.transport.first;

/// Planted: what nobody may know.
public final class Hidden {}
