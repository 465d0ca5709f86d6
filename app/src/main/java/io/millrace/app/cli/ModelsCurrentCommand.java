package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.models.CurrentModel;
import io.millrace.app.models.TaskModels;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
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

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description =
                    "The store, if it is not the one in the configuration: with local --data DIR it is DIR/store.")
    private @Nullable Path store;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        var unused = broker.task(task);
        TaskModels models = TaskModels.read(broker.connect(), task);
        CurrentModel current =
                CurrentModel.of(task, models, Optional.ofNullable(store).or(() -> broker.config()
                        .map(MillraceConfig::store)));
        json.print(current, current.lines());
        return 0;
    }
}
