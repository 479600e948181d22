// SPDX-License-Identifier: Apache-2.0
package org.orcrt.cli;

import java.io.PrintWriter;
import java.util.List;
import org.orcrt.core.PluginCatalog;
import org.orcrt.core.PluginInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `orc-rt plugins`: what plugs in, and what is broken.
@Command(
        name = "plugins",
        description = "Lists the plug-ins on the module path, with what each is for and whether it can work here.",
        mixinStandardHelpOptions = true)
final class PluginsCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls run
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints a JSON array of objects instead of a table.")
    private boolean json;

    /// Made by picocli.
    PluginsCommand() {}

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        List<PluginInfo> plugins = PluginCatalog.list();
        if (json) {
            printJson(out, plugins);
        } else {
            printTable(out, plugins);
        }
        out.flush();
    }

    private static void printJson(PrintWriter out, List<PluginInfo> plugins) {
        JsonWriter writer = new JsonWriter();
        writer.beginArray();
        for (PluginInfo plugin : plugins) {
            writer.beginObject()
                    .field("point", plugin.point())
                    .field("name", plugin.name())
                    .field("module", plugin.module())
                    .field("location", plugin.location())
                    .field("available", plugin.available())
                    .field("reason", plugin.reason())
                    .endObject();
        }
        out.println(writer.endArray());
    }

    private static void printTable(PrintWriter out, List<PluginInfo> plugins) {
        String row = "%-24s %-18s %-28s %s%n";
        out.printf(row, "POINT", "NAME", "MODULE", "AVAILABLE");
        for (PluginInfo plugin : plugins) {
            out.printf(
                    row,
                    plugin.point(),
                    plugin.name(),
                    plugin.module(),
                    plugin.available() ? "yes" : "no: " + plugin.reason());
        }
    }
}
