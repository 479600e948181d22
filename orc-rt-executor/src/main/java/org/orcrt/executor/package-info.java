/// The command `orc-executor`.
package org.orcrt.executor;
