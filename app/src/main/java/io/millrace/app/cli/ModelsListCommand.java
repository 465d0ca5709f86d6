package io.millrace.app.cli;

import io.millrace.app.console.Table;
import io.millrace.app.models.ModelFiles;
import io.millrace.app.models.ModelListing;
import io.millrace.app.models.TaskModels;
import io.millrace.schemas.kafka.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace models list}. */
@Command(
        name = "list",
        description = {
            "List the judged checkpoints of a task, each with its newest verdict, its accuracy and what is left of its files.",
            "champion is the model that others serve, challenger the checkpoint that the gate judged last.",
            "With --config or --store it also looks into the store."
        })
public final class ModelsListCommand implements Callable<Integer>, BrokerCommand {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(ModelListing.Answer.class);

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of the newest to show, besides the champion; default 20.")
    private int rows;

    @Mixin
    private StoreOption store;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        if (rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1, got " + rows);
        }
        var unused = broker.task(task);
        TaskModels models = TaskModels.read(broker.connect(), task);
        PrintWriter out = spec.commandLine().getOut();
        Optional<ModelFiles> files = store.or(broker).map(ModelFiles::new);
        if (json.wanted()) {
            json.print(ModelListing.answer(task, models, files, rows));
            return 0;
        }
        Table table = ModelListing.of(models, files, rows);
        if (table.rows().isEmpty()) {
            out.println("no checkpoint of task " + task + " has been judged");
        } else {
            table.lines().forEach(out::println);
        }
        ModelListing.notes(models, files, table).forEach(out::println);
        return 0;
    }
}
