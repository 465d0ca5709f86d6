package io.millrace.ingest;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * The settings of the Kafka Streams application. The user's settings override the defaults; the settings that
 * ingest's guarantees need override both.
 *
 * <p>Fetch sizes stay at Kafka's defaults: they bound the memory, and a consumer always gets the next batch, however
 * large it is.
 */
final class StreamsSettings {

    /** A killed process is detected after this time; brokers allow no shorter one by default. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(2);

    /**
     * Of each batch to a partition. Kafka's 16 KiB hold fewer than a hundred records; with a backlog, the requests for many small batches
     * cost more than their records.
     */
    private static final int BATCH_BYTES = 256 << 10;

    private StreamsSettings() {}

    static Properties of(KafkaConnection kafka, IngestConfig config, OutputLimits limits) {
        Properties settings = new Properties();
        settings.putAll(defaults(kafka));
        settings.putAll(kafka.clientProperties());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.named(IngestService.APPLICATION_ID));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                Math.max(limits.largest(), InternalTopic.bytes(config.maxRecordBytes())));
        // A record that just fits could be longer compressed; the topics can have their compression.type instead.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "none");
        // A task has one partition: of the examples on their way to it, and of what is accepted.
        settings.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        settings.remove(StreamsConfig.producerPrefix(ProducerConfig.PARTITIONER_CLASS_CONFIG));
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG), false);
        return settings;
    }

    /**
     * Does not wait for the order of time between the topics of an application: one that waits formats a message per record, for a log that
     * is off. {@code examples} and the internal topic need no order. Sources do, in which labels and texts come in two topics.
     */
    static void withoutWaiting(Properties settings) {
        settings.putIfAbsent(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    }

    private static Map<String, Object> defaults(KafkaConnection kafka) {
        return Map.of(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                1,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                IngestService.COMMIT_INTERVAL.toMillis(),
                StreamsConfig.CLIENT_ID_CONFIG,
                kafka.named(IngestService.APPLICATION_ID),
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                (int) SESSION_TIMEOUT.toMillis(),
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) HEARTBEAT_INTERVAL.toMillis(),
                StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG),
                BATCH_BYTES,
                StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
                StoreMemory.Setter.class);
    }
}
