/// The command `orc-rt`: one class per subcommand.
package org.orcrt.cli;
