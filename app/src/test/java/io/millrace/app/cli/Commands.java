package io.millrace.app.cli;

import io.millrace.app.MillraceMain;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Every command by its full name, in the order of the help. */
final class Commands {

    private Commands() {}

    static Map<String, CommandSpec> all() {
        Map<String, CommandSpec> leaves = new LinkedHashMap<>();
        new CommandLine(new MillraceMain())
                .getSubcommands()
                .forEach((name, command) -> addLeaves(name, command.getCommandSpec(), leaves));
        return leaves;
    }

    private static void addLeaves(String name, CommandSpec command, Map<String, CommandSpec> leaves) {
        if (command.subcommands().isEmpty() || command.userObject() instanceof Callable<?>) {
            leaves.put(name, command);
        }
        command.subcommands().forEach((part, leaf) -> addLeaves(name + " " + part, leaf.getCommandSpec(), leaves));
    }

    /** The option {@code --json} of a command. */
    static Optional<JsonOption> json(CommandSpec command) {
        return command.mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(JsonOption.class::isInstance)
                .map(JsonOption.class::cast)
                .findFirst();
    }
}
