package io.millrace.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace topics}. */
@Command(
        name = "topics",
        description = "Create Millrace's topics, check how they are configured.",
        subcommands = {TopicsCreateCommand.class, TopicsCheckCommand.class})
public final class TopicsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: create or check");
    }
}
