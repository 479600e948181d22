/// The executor to embed and the command `orc-executor`.
package org.orcrt.executor;
