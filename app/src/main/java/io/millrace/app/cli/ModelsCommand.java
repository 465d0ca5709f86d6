package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace models}. */
@Command(
        name = "models",
        description = "Look at the models of a task, and change by hand which of them is the champion.",
        subcommands = {
            ModelsListCommand.class,
            ModelsCurrentCommand.class,
            ModelsExplainCommand.class,
            ModelsCompareCommand.class,
            ModelsHistoryCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsHoldCommand.class,
            ModelsReleaseCommand.class
        })
public final class ModelsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
