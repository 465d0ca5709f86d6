package io.millrace.app.cli;

import io.millrace.app.service.RunningService;
import picocli.CommandLine.Command;

/** {@code millrace ingest}. */
@Command(
        name = "ingest",
        description = {
            "Validate, de-duplicate and route the records of the topic examples.",
            "Runs against any broker, until Ctrl-C or SIGTERM; any number of these processes share the work."
        })
public final class IngestCommand extends ServiceCommand {

    public IngestCommand() {
        super("ingest", RunningService::ingest);
    }
}
