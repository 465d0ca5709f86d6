package io.millrace.evaluator;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * The evaluator's Kafka clients and their settings. The user's settings win, except where the evaluator's guarantees
 * depend on a setting: the group, one record per poll, read-committed from the beginning without automatic commits, and
 * the transactional id.
 */
public final class EvaluatorClients {

    /** The group that distributes the partitions of {@code checkpoints} among evaluators, without the prefix. */
    public static final String GROUP = "millrace-evaluator";

    /** How long a killed evaluator keeps its partitions; heartbeats continue while a checkpoint is scored. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /**
     * Longest time between two polls before the partitions move to another evaluator. Judging does not block the polling
     * thread, so this only needs to cover one transaction, possibly while a broker is away.
     */
    private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(10);

    /** A transaction is open only briefly; if its process is killed, it delays others for at most this long. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConnection kafka;
    private final String group;
    private final String transactionalId;

    public EvaluatorClients(KafkaConnection kafka) {
        this.kafka = kafka;
        group = kafka.named(GROUP);
        transactionalId = group + "-" + UUID.randomUUID();
    }

    public Admin admin() {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, group + "-admin");
        return Admin.create(settings);
    }

    /**
     * The group member. It gets one record per poll, so that another evaluator can take over the rest. When members join
     * or leave, the others keep their partitions, and with them the checkpoint they are judging.
     */
    public Consumer<String, byte[]> checkpoints() {
        Map<String, Object> settings = readCommitted(group);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) MAX_POLL_INTERVAL.toMillis());
        // With Kafka's newer protocol, the broker decides these.
        if (!"consumer".equals(settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis());
            settings.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
            settings.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return new KafkaConsumer<>(settings);
    }

    /** The reader of the state topics: no group, every partition. */
    Consumer<String, byte[]> state() {
        return withoutGroup("-state");
    }

    /** The reader that notices new requests: no group, every partition. */
    Consumer<String, byte[]> requests() {
        return withoutGroup("-requests");
    }

    /** The reader of single records on {@code checkpoints} and {@code model-updates}: no group, positioned by its caller. */
    Consumer<String, byte[]> ahead() {
        return withoutGroup("-ahead");
    }

    private Consumer<String, byte[]> withoutGroup(String purpose) {
        Map<String, Object> settings = readCommitted(group + purpose);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return new KafkaConsumer<>(settings);
    }

    /**
     * The writer of results. Its transactional id is unique to this evaluator, because partitions move between evaluators:
     * an evaluator that has lost a partition is fenced by the group membership in each transaction (KIP-447). A second
     * writer of this evaluator aborts the transaction that the first left open.
     */
    public Producer<String, byte[]> results() {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, group + "-results");
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> readCommitted(String clientId) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }
}
