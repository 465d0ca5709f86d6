package io.millrace.app.cli;

import io.millrace.app.between.HistoryTable;
import io.millrace.app.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code millrace models history}. */
@Command(
        name = "history",
        description = {
            "Show the accuracy of a task along its checkpoints, per probe set: what was forgotten and what was won.",
            "Forgetting is the best less the last, backward transfer the last less the first, both on the version of the"
                    + " probe set that was scored last. Churn is against the model that was current then (since)."
        })
public final class ModelsHistoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryOptions history;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (HistoryOptions.Opened opened = history.open()) {
            Table table = HistoryTable.of(opened.kafka(), task);
            if (table.rows().isEmpty()) {
                out.println("no checkpoint of task " + task + " has been evaluated on a probe set");
            } else {
                table.lines().forEach(out::println);
            }
        }
        return 0;
    }
}
