/// Kinds that are compared by name, for what `instanceof` cannot do: other class loaders, kinds that came over the
/// wire, and native handles.
package org.orcrt.api.type;
