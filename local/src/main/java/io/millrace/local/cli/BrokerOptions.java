package io.millrace.local.cli;

import io.millrace.local.config.ConfigFile;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Map;

/** Which broker a command talks to. */
final class BrokerOptions {

    private static final String DEFAULT_BOOTSTRAP_SERVER = "localhost:9092";
    private static final int ANSWER_LIMIT_MS = 15_000;

    @ArgGroup
    private Choice choice;

    /** One or the other. */
    private static final class Choice {

        @Option(
                names = "--bootstrap-server",
                paramLabel = "HOST:PORT",
                required = true,
                description = "The broker; without this and --config it is " + DEFAULT_BOOTSTRAP_SERVER + ".")
        private String bootstrapServer;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "Take the broker and its client properties from this configuration file.")
        private Path config;
    }

    /** The connection, after a broker has answered and the topics are there. */
    KafkaConnection connect() throws InterruptedException {
        KafkaConnection kafka = connection();
        createTopics(kafka);
        return kafka;
    }

    /** Fails within seconds, and not minutes, if there is no broker. */
    static void createTopics(KafkaConnection kafka) throws InterruptedException {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
        try (Admin admin = admin(settings)) {
            Topics.createMissing(admin);
        }
    }

    private static Admin admin(Map<String, Object> settings) {
        try {
            return Admin.create(settings);
        } catch (KafkaException e) {
            throw new IllegalStateException("cannot make a Kafka client of kafka.properties: " + reasons(e), e);
        }
    }

    /** The message of the failure alone is mostly that there is no client. */
    private static String reasons(Throwable failure) {
        String reason = ErrorLines.describe(failure);
        return failure.getCause() == null ? reason : reason + ": " + reasons(failure.getCause());
    }

    private KafkaConnection connection() {
        if (choice == null) {
            return new KafkaConnection(DEFAULT_BOOTSTRAP_SERVER, Map.of());
        }
        return choice.config == null
                ? new KafkaConnection(choice.bootstrapServer, Map.of())
                : ConfigFile.read(choice.config).kafka();
    }
}
