package io.millrace.schemas.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/**
 * The largest batches that topics accept. A service reads the limits before its first record, and cuts records that must not fail, such
 * as rejected ones, to fit.
 */
public final class MessageLimits {

    /** Larger records are cut all the same: the producer holds them in its buffer, by default of 32 MiB. */
    private static final int MAX_OUTPUT_BYTES = 32 << 20;

    /** Room for the headers and a readable beginning of any rejected record. */
    private static final int MIN_BYTES = 16 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private MessageLimits() {}

    /**
     * Reads the limits of topics, in bytes: their {@code max.message.bytes}, or the producer's buffer if that is less.
     *
     * @param kafka the connection, whose properties may make the buffer smaller
     * @param admin a client of it
     * @param topics which topics; they must exist
     * @return the bytes by topic
     * @throws IllegalStateException if they cannot be read
     * @throws IllegalArgumentException if a limit is too small for a rejected record
     */
    public static Map<Topic<?>, Integer> read(KafkaConnection kafka, Admin admin, Topic<?>... topics)
            throws InterruptedException {
        Map<Topic<?>, ConfigResource> resources = new LinkedHashMap<>();
        for (Topic<?> topic : topics) {
            resources.put(topic, new ConfigResource(ConfigResource.Type.TOPIC, kafka.named(topic.name())));
        }
        Map<ConfigResource, Config> described = describe(admin, List.copyOf(resources.values()));
        int buffer = bufferOf(kafka);
        Map<Topic<?>, Integer> limits = new HashMap<>();
        resources.forEach((topic, resource) -> {
            Config config = Objects.requireNonNull(described.get(resource), resource.name());
            String taken = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
            int bytes = Math.min(Integer.parseInt(taken), buffer);
            requireEnough(resource.name(), bytes);
            limits.put(topic, bytes);
        });
        return limits;
    }

    static void requireEnough(String topic, int bytes) {
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException("max.message.bytes of topic " + topic + " must be at least " + MIN_BYTES
                    + ", got " + bytes + ". Raise it with kafka-configs.sh.");
        }
    }

    private static int bufferOf(KafkaConnection kafka) {
        String buffer = kafka.properties().get(ProducerConfig.BUFFER_MEMORY_CONFIG);
        return buffer == null ? MAX_OUTPUT_BYTES : (int) Math.min(MAX_OUTPUT_BYTES, Long.parseLong(buffer.trim()));
    }

    private static Map<ConfigResource, Config> describe(Admin admin, List<ConfigResource> topics)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return admin.describeConfigs(topics).all().get();
            } catch (ExecutionException e) {
                // The controller has created the topic, but this broker may not have heard of it yet.
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                boolean young = cause instanceof UnknownTopicOrPartitionException;
                if (!young || System.nanoTime() > deadlineNanos) {
                    List<String> names =
                            topics.stream().map(ConfigResource::name).toList();
                    throw new IllegalStateException(
                            "cannot read the configuration of the topics " + String.join(", ", names) + ": "
                                    + cause.getMessage() + ". Check that this user may describe their configs.",
                            cause);
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }
}
