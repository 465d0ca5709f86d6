package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** Which rejected records a command takes, and from where. */
final class RejectedOptions {

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task of the records.")
    private String task;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The configuration: the broker, and what the task takes.")
    private Path config;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            converter = RejectionReasons.class,
            description = "Only records with this reason, such as unknown-label.")
    private @Nullable RejectionReason reason;

    private @Nullable KafkaConnection kafka;

    String task() {
        return task;
    }

    Optional<RejectionReason> reason() {
        return Optional.ofNullable(reason);
    }

    MillraceConfig configuration() {
        return MillraceConfig.read(config);
    }

    /** The broker of the configuration, once it has answered. */
    KafkaConnection connect(MillraceConfig configuration) throws InterruptedException {
        KafkaConnection connection = configuration.kafka();
        kafka = connection;
        BrokerOptions.requireBroker(connection);
        return connection;
    }

    /** The broker that was asked, if any; see {@link BrokerCommand}. */
    Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }
}
