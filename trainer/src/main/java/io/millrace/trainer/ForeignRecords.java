package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Records that no trainer trains on: their task is not configured here, or they are in another partition than their task's. They are
 * counted by {@code millrace.trainer.foreign}, by topic and reason, and a warning names the first of each kind.
 */
final class ForeignRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignRecords.class);

    private static final int KEY_CHARS = 64;

    private final Set<String> tasks = new HashSet<>();
    private final Map<String, Counter> counters = new HashMap<>();
    private final Set<String> warned = new HashSet<>();

    private enum Reason {
        UNKNOWN_TASK("unknown-task"),
        WRONG_PARTITION("wrong-partition");

        private final String tag;

        Reason(String tag) {
            this.tag = tag;
        }
    }

    ForeignRecords(KafkaConnection kafka, MeterRegistry registry, List<TrainedTask> tasks) {
        for (Topic<?> read : List.of(Topics.ACCEPTED_EXAMPLES, Topics.TEXTS)) {
            String topic = kafka.named(read.name());
            for (Reason reason : Reason.values()) {
                counters.put(
                        topic + reason,
                        registry.counter("millrace.trainer.foreign", "topic", topic, "reason", reason.tag));
            }
        }
        tasks.forEach(task -> this.tasks.add(task.task().name()));
    }

    /**
     * Counts a record of {@code accepted-examples} or {@code texts} if it is foreign.
     *
     * @param partitions how many partitions its topic has
     */
    void check(ConsumerRecord<String, byte[]> record, int partitions) {
        String key = record.key();
        if (key == null || !tasks.contains(key)) {
            count(record.topic(), Reason.UNKNOWN_TASK);
            if (warned.add(record.topic())) {
                LOG.warn(
                        "{} holds records of tasks that are not configured here, the first at offset {} of partition {} with the"
                                + " key {}: they are not trained. Configure the task in every trainer",
                        record.topic(),
                        record.offset(),
                        record.partition(),
                        key == null ? "null" : LogSafe.line(key, KEY_CHARS));
            }
        } else if (KeyPartition.of(key, partitions) != record.partition()) {
            count(record.topic(), Reason.WRONG_PARTITION);
            if (warned.add(record.topic() + " " + key)) {
                LOG.warn(
                        "task {}: some of its records are in partition {} of {}, the first at offset {}, but its partition is {}: they are"
                                + " not trained. Either their producer places keys by another hash (clients on librdkafka, as"
                                + " Python, Go, C and kcat, need the setting partitioner=murmur2_random), or partitions were"
                                + " added, see docs/operations.md",
                        key,
                        record.partition(),
                        record.topic(),
                        record.offset(),
                        KeyPartition.of(key, partitions));
            }
        }
    }

    private void count(String topic, Reason reason) {
        requireNonNull(counters.get(topic + reason), topic).increment();
    }
}
