package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The configuration that a command needs, and the broker in it. */
final class ConfiguredBroker {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The configuration: the broker and the tasks.")
    private Path file;

    private @Nullable MillraceConfig read;
    private @Nullable KafkaConnection kafka;

    /** The configuration. It is read once: it may come from a pipe. */
    MillraceConfig configuration() {
        MillraceConfig known = read == null ? MillraceConfig.read(file) : read;
        read = known;
        return known;
    }

    /** All tasks. */
    List<EvaluatedTask> tasks() {
        return configuration().evaluatedTasks();
    }

    /** The task of this name. */
    EvaluatedTask task(String name) {
        return tasks().stream()
                .filter(known -> known.task().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--task must be one of the configuration, got " + name + ". It has "
                                + String.join(", ", configuration().tasks().keySet()) + "."));
    }

    /** The connection, after a broker has answered. */
    KafkaConnection reach() throws InterruptedException {
        KafkaConnection connection = configuration().kafka();
        kafka = connection;
        BrokerOptions.requireBroker(connection);
        return connection;
    }

    /** The connection, once {@link #reach} has tried it. */
    Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }
}
