package io.millrace.app.cli;

import io.millrace.app.checkpoints.CheckpointListing;
import io.millrace.app.checkpoints.ListedCheckpoint;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.models.TaskModels;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace checkpoints list}. */
@Command(name = "list", description = "List the checkpoints of a store.")
public final class CheckpointsListCommand implements Callable<Integer>, BrokerCommand {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final JsonOption json = JsonOption.one(CheckpointListing.class);

    @ArgGroup(multiplicity = "1")
    private Where where;

    private @Nullable KafkaConnection kafka;

    @Option(names = "--task", paramLabel = "TASK", description = "Only the checkpoints of this task.")
    private String task;

    /** Exactly one of them. */
    private static final class Where {

        @Option(names = "--store", paramLabel = "DIR", required = true, description = "The store.")
        private @Nullable Path store;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "Take the store from this configuration file.")
        private @Nullable Path config;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                required = true,
                description = "The store in this data directory of demo or local.")
        private @Nullable Path data;
    }

    @Option(
            names = "--verdicts",
            description = "Show the newest verdict on each too: it is on the broker of --config, or in --data, which"
                    + " then no process may be using.")
    private boolean verdicts;

    @Override
    public Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }

    @Override
    public Integer call() throws Exception {
        if (verdicts && where.store != null) {
            throw new ParameterException(spec.commandLine(), "--verdicts needs --config or --data: a store has none");
        }
        // Read once: a configuration may come from a pipe.
        MillraceConfig config = where.config == null ? null : MillraceConfig.read(where.config);
        Path store = store(config);
        CheckpointListing found = CheckpointListing.of(store, Optional.ofNullable(task));
        CheckpointListing listing = verdicts ? withVerdicts(found, config) : found;
        json.print(
                listing,
                listing.checkpoints().isEmpty()
                        ? List.of("no checkpoints in " + store)
                        : listing.table(verdicts).lines());
        return 0;
    }

    private CheckpointListing withVerdicts(CheckpointListing found, @Nullable MillraceConfig config)
            throws InterruptedException {
        if (config != null) {
            kafka = config.kafka();
            BrokerOptions.requireBroker(config.kafka());
            return withVerdicts(found, config.kafka());
        }
        try (HistoryOptions.Opened opened = HistoryOptions.openData(spec, Objects.requireNonNull(where.data))) {
            return withVerdicts(found, opened.kafka());
        }
    }

    private static CheckpointListing withVerdicts(CheckpointListing found, KafkaConnection kafka) {
        Map<String, TaskModels> models = new HashMap<>();
        found.checkpoints().stream()
                .map(ListedCheckpoint::task)
                .distinct()
                .forEach(name -> models.put(name, TaskModels.read(kafka, name)));
        return found.withVerdicts(checkpoint ->
                judgement(Objects.requireNonNull(models.get(checkpoint.task())), checkpoint.checkpoint()));
    }

    private static Optional<ListedCheckpoint.Judgement> judgement(TaskModels models, String id) {
        boolean champion =
                models.champion().filter(found -> found.id().equals(id)).isPresent();
        return models.all().stream()
                .filter(judged -> judged.id().equals(id))
                .findFirst()
                .map(judged ->
                        new ListedCheckpoint.Judgement(judged.update().verdict().wireName(), judged.at(), champion));
    }

    private Path store(@Nullable MillraceConfig config) {
        if (where.store != null) {
            return where.store;
        }
        return config != null ? config.store() : new DataDirectory(Objects.requireNonNull(where.data)).store();
    }
}
