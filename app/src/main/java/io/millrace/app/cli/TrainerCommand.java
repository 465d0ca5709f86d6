package io.millrace.app.cli;

import io.millrace.app.service.RunningService;
import picocli.CommandLine.Command;

/** {@code millrace trainer}. */
@Command(
        name = "trainer",
        description = {
            "Train the tasks on accepted examples and write checkpoints.",
            "Runs against any broker, until Ctrl-C or SIGTERM; any number of these processes share the work."
        })
public final class TrainerCommand extends ServiceCommand {

    public TrainerCommand() {
        super("trainer", RunningService::trainer);
    }
}
