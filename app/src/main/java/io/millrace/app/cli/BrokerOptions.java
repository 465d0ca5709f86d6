package io.millrace.app.cli;

import io.millrace.app.access.AnswerLimit;
import io.millrace.app.config.MillraceConfig;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.Task;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Which broker a command talks to, and what the configuration says about its task. */
final class BrokerOptions {

    private static final String DEFAULT_BOOTSTRAP_SERVER = "localhost:9092";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Choice choice;

    private @Nullable String prefix;
    private @Nullable MillraceConfig read;
    private @Nullable KafkaConnection kafka;

    /** At most one of the two. */
    private static final class Choice {

        @Option(
                names = "--bootstrap-server",
                paramLabel = "HOST:PORT",
                required = true,
                description = "The broker; without this and --config it is " + DEFAULT_BOOTSTRAP_SERVER + ".")
        private @Nullable String bootstrapServer;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "Take the broker, its client properties and the tasks from this configuration file.")
        private @Nullable Path config;
    }

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "Prefix of the installation's names on the broker; in a configuration it is kafka.prefix.")
    void prefix(@Nullable String given) {
        Optional.ofNullable(given).flatMap(KafkaConnection::faultOfPrefix).ifPresent(fault -> {
            throw new ParameterException(spec.commandLine(), "--prefix " + fault);
        });
        prefix = given;
    }

    /** The connection, after a broker has answered and the topics are there. */
    KafkaConnection connect() throws InterruptedException {
        KafkaConnection connection = connection();
        createTopics(connection);
        return connection;
    }

    /** The connection, after a broker has answered; creates nothing. */
    KafkaConnection reach() throws InterruptedException {
        KafkaConnection connection = connection();
        requireBroker(connection);
        return connection;
    }

    private KafkaConnection connection() {
        if (prefix != null && config().isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--prefix does not go with --config: the configuration has kafka.prefix");
        }
        KafkaConnection connection = config().map(MillraceConfig::kafka).orElseGet(this::withoutConfig);
        kafka = connection;
        return connection;
    }

    private KafkaConnection withoutConfig() {
        String server =
                choice == null || choice.bootstrapServer == null ? DEFAULT_BOOTSTRAP_SERVER : choice.bootstrapServer;
        return new KafkaConnection(server, Map.of(), prefix == null ? "" : prefix);
    }

    /** The connection, once {@link #connect} has tried it. */
    Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }

    /** The configuration, if one was given. It is read once: it may come from a pipe. */
    Optional<MillraceConfig> config() {
        if (read == null && choice != null && choice.config != null) {
            read = MillraceConfig.read(choice.config);
        }
        return Optional.ofNullable(read);
    }

    /**
     * The task of this name; empty without a configuration.
     *
     * @throws ConfigException if the configuration has no such task
     */
    Optional<Task> task(String name) {
        return evaluatedTask(name).map(EvaluatedTask::task);
    }

    /** Like {@link #task}, with how the task's checkpoints are judged. */
    Optional<EvaluatedTask> evaluatedTask(String name) {
        if (!Task.NAME.matcher(name).matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--task must be a name that matches " + Task.NAME + ", got \"" + name + "\"");
        }
        List<EvaluatedTask> tasks = config().map(MillraceConfig::evaluatedTasks).orElse(List.of());
        Optional<EvaluatedTask> found =
                tasks.stream().filter(task -> task.task().name().equals(name)).findFirst();
        if (found.isEmpty() && !tasks.isEmpty()) {
            throw new ConfigException(given() + " has no task " + name + ". Its tasks: "
                    + String.join(
                            ", ", tasks.stream().map(task -> task.task().name()).toList()) + ".");
        }
        return found;
    }

    private String given() {
        return choice == null ? "the configuration" : String.valueOf(choice.config);
    }

    /** Creates missing topics. Without a broker it fails within seconds instead of minutes. */
    static void createTopics(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = admin(kafka)) {
            var unused = Topics.createMissing(kafka, admin);
        } catch (IllegalStateException e) {
            throw e.getCause() instanceof TimeoutException ? noBroker(kafka, e.getCause()) : e;
        }
    }

    /** Like {@link #createTopics}, for commands that only read and whose user may not see all topics. */
    static void requireBroker(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = admin(kafka)) {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof TimeoutException
                    ? noBroker(kafka, cause)
                    : new IllegalStateException(
                            "cannot reach " + kafka.bootstrapServers() + ": " + ErrorLines.describe(cause), cause);
        }
    }

    private static IllegalStateException noBroker(KafkaConnection kafka, @Nullable Throwable cause) {
        return new IllegalStateException(
                AnswerLimit.of(kafka).missed(kafka) + ", and kafka.bootstrapServers or --bootstrap-server.", cause);
    }

    /** An admin client that gives up within seconds. */
    static Admin admin(KafkaConnection kafka) {
        try {
            return Admin.create(AnswerLimit.of(kafka).settings(kafka));
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "cannot make a Kafka client for " + kafka.bootstrapServers() + ": " + reasons(e)
                            + ". Check kafka.bootstrapServers or --bootstrap-server, and kafka.properties.",
                    e);
        }
    }

    /** The message of the outermost failure mostly says only that there is no client. */
    private static String reasons(Throwable failure) {
        String reason = ErrorLines.describe(failure);
        return failure.getCause() == null ? reason : reason + ": " + reasons(failure.getCause());
    }
}
