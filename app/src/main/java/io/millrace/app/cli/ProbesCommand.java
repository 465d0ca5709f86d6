package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace probes}. */
@Command(
        name = "probes",
        description = "Probe sets: labelled examples that checkpoints are scored on, and that are never trained on.",
        subcommands = {ProbesLoadCommand.class, ProbesListCommand.class, ProbesDeleteCommand.class})
public final class ProbesCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: load, list or delete");
    }
}
