package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace rejected}. */
@Command(
        name = "rejected",
        description = "Look at rejected examples, send them again.",
        subcommands = {RejectedListCommand.class, RejectedReplayCommand.class})
public final class RejectedCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list or replay");
    }
}
