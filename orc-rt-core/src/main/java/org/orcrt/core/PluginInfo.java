// SPDX-License-Identifier: Apache-2.0
package org.orcrt.core;

/// One plug-in that was found.
///
/// @param point the simple name of the interface that it implements
/// @param name what it calls itself; the class's name if it could not even be made
/// @param module its module, or `unnamed` on the class path
/// @param location where its code comes from, a URI; empty if unknown
/// @param available whether it can work here
/// @param reason why not, or empty
public record PluginInfo(String point, String name, String module, String location, boolean available, String reason) {}
