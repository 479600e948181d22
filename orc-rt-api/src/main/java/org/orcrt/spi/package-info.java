/// What plug-ins implement. All plug-in points are found by [java.util.ServiceLoader] and chosen by name.
///
/// A transport is a [MessageChannelProvider]; functions, addresses and managers come from an [ExecutorPlugin];
/// native calls come from the one [WrapperFunctionLinker]; threads come from a [TaskDispatcherProvider].
package org.orcrt.spi;
