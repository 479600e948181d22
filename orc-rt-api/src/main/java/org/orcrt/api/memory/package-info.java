/// Requests for native memory: what to put where, with which protection, and what to run before and after.
package org.orcrt.api.memory;
