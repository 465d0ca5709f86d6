package io.millrace.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Lists commands by their full names: {@code probes load} instead of {@code probes}. */
public final class CommandList implements IHelpSectionRenderer {

    private static final int INDENT = 2;
    private static final int GAP = 3;

    @Override
    public String render(Help help) {
        Map<String, String> leaves = new LinkedHashMap<>();
        help.commandSpec().subcommands().forEach((name, command) -> addLeaves(name, command, leaves));
        int names = leaves.keySet().stream().mapToInt(String::length).max().orElse(0);
        int width = help.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(
                help.colorScheme(),
                new Column(INDENT + names + GAP, INDENT, Overflow.SPAN),
                new Column(width - INDENT - names - GAP, 0, Overflow.WRAP));
        leaves.forEach(table::addRowValues);
        return table.toString();
    }

    private static void addLeaves(String name, CommandLine command, Map<String, String> leaves) {
        // The others only hold commands; one may do both.
        if (command.getSubcommands().isEmpty() || command.getCommand() instanceof Callable<?>) {
            leaves.put(name, command.getCommandSpec().usageMessage().description()[0]);
        }
        new TreeMap<>(command.getSubcommands()).forEach((part, leaf) -> addLeaves(name + " " + part, leaf, leaves));
    }
}
