package io.millrace.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.app.config.MillraceConfig;
import io.millrace.compare.BaseTraining;
import io.millrace.schemas.Task;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** The settings of training without a broker: from a file of their own, or those of a task in the services' configuration. */
final class TrainingOptions {

    private static final String TASKS = "tasks";
    private static final String TRAINING = "training";
    private static final String BATCHING = "batching";
    private static final String UNLABELLED = "unlabelledShare";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML with the keys of training, as in tasks.NAME.training; or, with --task, the configuration"
                            + " of the services.")
    private @Nullable Path config;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Take labels, kind and training of this task from the configuration of the services.")
    private @Nullable String task;

    private @Nullable MillraceConfig read;

    /** Fails unless the two options go together. */
    void check() {
        if (task != null && config == null) {
            throw new ParameterException(
                    spec.commandLine(), "--task needs --config FILE, the configuration of the services");
        }
    }

    /** The task; empty without {@code --task}. */
    Optional<Task> task() {
        return task == null
                ? Optional.empty()
                : Optional.of(services().ingestedTasks().stream()
                        .filter(known -> known.name().equals(task))
                        .findFirst()
                        .orElseThrow(() -> new ConfigException(config + " has no task " + task + ". Its tasks: "
                                + String.join(", ", services().tasks().keySet()) + ".")));
    }

    /** The longest line that the services take, in bytes; without {@code --task}, no limit. */
    int maxRecordBytes() {
        return task == null ? Integer.MAX_VALUE : services().ingest().maxRecordBytes();
    }

    /** The settings of training; empty without {@code --config}. */
    Optional<BaseTraining> training() {
        if (config == null) {
            return Optional.empty();
        }
        if (task().isPresent()) {
            JsonNode training = ConfigFile.tree(config)
                    .path(TASKS)
                    .path(task().get().name())
                    .path(TRAINING);
            return Optional.of(new BaseTraining(
                    (ObjectNode) training,
                    ConfigFile.folderOf(config),
                    config + " " + TASKS + "." + task + "." + TRAINING));
        }
        BaseTraining own = BaseTraining.read(config);
        if (own.tree().has(TASKS)) {
            throw new ConfigException(
                    config + " is a configuration of the services. Name one of its tasks with --task: "
                            + String.join(", ", services().tasks().keySet()) + ".");
        }
        return Optional.of(own);
    }

    /**
     * Like {@link #training}, for a stream of labelled examples alone: a task that trains on unlabelled texts too does without them, and
     * a warning says so.
     */
    Optional<BaseTraining> labelledTraining() {
        return training().map(given -> {
            boolean leftOut =
                    task != null && given.tree().path(BATCHING).path(UNLABELLED).asDouble() > 0;
            if (!leftOut) {
                return given;
            }
            spec.commandLine()
                    .getErr()
                    .println("warning: " + given.origin() + "." + BATCHING + "." + UNLABELLED
                            + " is left out, because a comparison has no unlabelled texts");
            ObjectNode tree = given.tree().deepCopy();
            tree.withObject("/" + BATCHING).remove(UNLABELLED);
            return new BaseTraining(tree, given.folder(), given.origin());
        });
    }

    /** The broker of the services; only with {@code --task}. */
    KafkaConnection kafka() {
        return services().kafka();
    }

    private MillraceConfig services() {
        if (read == null) {
            read = MillraceConfig.read(Objects.requireNonNull(config));
        }
        return read;
    }
}
