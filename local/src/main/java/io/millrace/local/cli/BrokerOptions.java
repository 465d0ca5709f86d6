package io.millrace.local.cli;

import io.millrace.local.config.ConfigFile;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
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
        try (Admin admin = Admin.create(settings)) {
            Topics.createMissing(admin);
        }
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
