package io.millrace.app.produce;

import io.millrace.ingest.IngestService;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Whether ingest has processed examples: it has consumed them, and their records on the internal topic. Ingest commits
 * offsets in the transaction that holds what it wrote, so what is consumed here is written there.
 */
public final class IngestProgress implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConnection kafka;
    private final Admin admin;
    private final KafkaConsumer<String, byte[]> between;

    public IngestProgress(KafkaConnection kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        between = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Whether it has processed all examples of a task before some offsets. What it wrote may still be in an open transaction.
     *
     * @param ends by partition of {@code examples}, the first offset that does not matter
     */
    public boolean isThrough(String task, Map<Integer, Long> ends) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> consumed = committed();
        String examples = kafka.named(Topics.EXAMPLES.name());
        boolean allConsumed = ends.entrySet().stream()
                .allMatch(end -> end.getValue() == 0
                        || next(consumed, new TopicPartition(examples, end.getKey())) >= end.getValue());
        return allConsumed && nothingIsOnItsWay(task);
    }

    /** Reads the records of the internal topic that ingest has not consumed. Its end offset does not show them: markers are never consumed. */
    private boolean nothingIsOnItsWay(String task) throws InterruptedException, ExecutionException {
        String topic = kafka.named(IngestService.EXAMPLES_BY_TASK.name());
        List<TopicPartition> partitions = between.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        Map<TopicPartition, Long> ends = ends(partitions);
        Map<TopicPartition, OffsetAndMetadata> consumed = committed();
        between.assign(partitions);
        partitions.forEach(partition -> between.seek(partition, next(consumed, partition)));
        while (ends.entrySet().stream().anyMatch(end -> between.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : between.poll(POLL)) {
                if (task.equals(record.key())) {
                    return false;
                }
            }
        }
        return true;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException, ExecutionException {
        return admin.listConsumerGroupOffsets(kafka.named(IngestService.APPLICATION_ID))
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private static long next(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }

    /** Including open transactions: their records were written before their offsets were seen. */
    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    @Override
    public void close() {
        between.close();
    }
}
