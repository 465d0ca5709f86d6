package io.millrace.ingest;

import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What ingest asks of the broker before its first record: that the topics are there, and how much they take.
 *
 * @param limits of the topics of ingest's output
 * @param byTask the internal topic between
 */
record TopicPreparation(OutputLimits limits, TaskTopic byTask) {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPreparation.class);

    /** Larger records are cut all the same: the producer holds them in its buffer of 32 MiB. */
    private static final int MAX_OUTPUT_BYTES = 32 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Creates the topics that are missing and reads the limits of those that ingest writes to. */
    static TopicPreparation prepare(KafkaConnection kafka, int maxRecordBytes) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.prepare(admin).forEach(LOG::warn);
            ConfigResource accepted = resource(Topics.ACCEPTED_EXAMPLES.name());
            ConfigResource rejected = resource(Topics.REJECTED_EXAMPLES.name());
            Map<ConfigResource, Config> configs = describe(admin, List.of(accepted, rejected));
            return new TopicPreparation(
                    new OutputLimits(maxBytes(configs.get(accepted)), maxBytes(configs.get(rejected))),
                    TaskTopic.prepare(admin, Topics.ACCEPTED_EXAMPLES.name(), maxRecordBytes));
        }
    }

    private static Map<ConfigResource, Config> describe(Admin admin, List<ConfigResource> topics)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return admin.describeConfigs(topics).all().get();
            } catch (ExecutionException e) {
                // The controller has created the topic, but this broker may not have heard of it yet.
                boolean young = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!young || System.nanoTime() > deadlineNanos) {
                    throw new IllegalStateException(
                            "cannot read the configuration of the topics that ingest writes to: "
                                    + e.getCause().getMessage() + ". Check that this user may describe their configs.",
                            e.getCause());
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static int maxBytes(Config config) {
        int bytes = Integer.parseInt(
                config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        return Math.min(bytes, MAX_OUTPUT_BYTES);
    }
}
