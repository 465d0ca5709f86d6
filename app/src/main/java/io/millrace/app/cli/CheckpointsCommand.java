package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace checkpoints}. */
@Command(
        name = "checkpoints",
        description = "Look at checkpoints on disk.",
        subcommands = {CheckpointsListCommand.class, CheckpointsShowCommand.class})
public final class CheckpointsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list or show");
    }
}
