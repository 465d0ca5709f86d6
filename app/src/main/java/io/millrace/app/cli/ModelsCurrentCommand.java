package io.millrace.app.cli;

import io.millrace.app.models.CurrentModel;
import io.millrace.app.models.TaskModels;
import io.millrace.schemas.kafka.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace models current}. */
@Command(
        name = "current",
        description = {
            "Show the champion of a task: its id and directory, since when, its scores and why it was promoted.",
            "With --config or --store it also looks into the store."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there is a champion", "1:there is none, or the command failed", "2:wrong usage"})
public final class ModelsCurrentCommand implements Callable<Integer>, BrokerCommand {

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(CurrentModel.class);

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Mixin
    private StoreOption store;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        var unused = broker.task(task);
        TaskModels models = TaskModels.read(broker.connect(), task);
        CurrentModel current = CurrentModel.of(task, models, store.or(broker));
        json.print(current, current.lines());
        return 0;
    }
}
