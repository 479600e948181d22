/// Byte streams of the operating system as message channels.
package org.orcrt.transport.socket;
