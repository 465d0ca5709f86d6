package io.millrace.app.cli;

import io.millrace.app.service.RunningService;
import picocli.CommandLine.Command;

/** {@code millrace evaluator}. */
@Command(
        name = "evaluator",
        description = {
            "Score every checkpoint on the probe sets and decide which becomes the model.",
            "Runs against any broker, until Ctrl-C or SIGTERM; any number of these processes share the work."
        })
public final class EvaluatorCommand extends ServiceCommand {

    public EvaluatorCommand() {
        super("evaluator", RunningService::evaluator);
    }
}
