package io.millrace.app.cli;

import io.millrace.app.between.HistoryTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
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

    @Mixin
    private HistoryOptions history;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param task the task
     * @param probeSets one entry per probe set, by name
     */
    record Answer(String task, List<HistoryTable.Entry> probeSets) {}

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Override
    public Integer call() throws Exception {
        try (HistoryOptions.Opened opened = history.open()) {
            List<HistoryTable.Entry> entries = HistoryTable.read(opened.kafka(), task);
            json.print(
                    new Answer(task, entries),
                    entries.isEmpty()
                            ? List.of("no checkpoint of task " + task + " has been evaluated on a probe set")
                            : HistoryTable.table(entries).lines());
        }
        return 0;
    }
}
