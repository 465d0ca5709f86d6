package io.millrace.trainer;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Consumes one task's partition of {@code texts}. The process that trains the task reads its texts too: no group is needed, and the
 * checkpoint says where to resume.
 */
final class TextSource implements AutoCloseable {

    /** Connecting takes several polls, and many more with TLS: they must not all return at once. */
    private static final Duration WAIT = Duration.ofMillis(50);

    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicPartition partition;
    private final String task;
    private final TaskTrainer run;

    /** Reads for {@code run}, from its first unread text on. */
    TextSource(KafkaConnection kafka, String task, TaskTrainer run) {
        this.task = task;
        this.run = run;
        partition =
                new TopicPartition(kafka.named(Topics.TEXTS.name()), run.texts().partition());
        Map<String, Object> settings = kafka.serviceProperties();
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, kafka.named("millrace-trainer-texts-" + task));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Retention may have removed texts before they were read; the ranges of the checkpoints show the gap.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seek(partition, run.texts().readOffset());
    }

    /** The current bounds of the task's partition of {@code texts}, which may have more or fewer partitions than {@code accepted-examples}. */
    static Bounds boundsOf(KafkaConnection kafka, String task) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (KafkaConsumer<String, byte[]> asking =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            String topic = kafka.named(Topics.TEXTS.name());
            int partitions = asking.partitionsFor(topic).size();
            return Bounds.of(asking, new TopicPartition(topic, KeyPartition.of(task, partitions)));
        }
    }

    /** Hands new texts to the run, and says whether more are left. Waits a little only if the run waits for texts. */
    void poll() {
        if (run.hasEnoughTexts()) {
            consumer.pause(List.of(partition));
        } else {
            consumer.resume(List.of(partition));
        }
        for (ConsumerRecord<String, byte[]> record : consumer.poll(run.texts().isReady() ? Duration.ZERO : WAIT)) {
            if (task.equals(record.key())) {
                run.acceptText(new PolledRecord(record.offset(), record.value()));
            }
        }
        run.texts().atEnd(consumer.currentLag(partition).orElse(Long.MAX_VALUE) == 0);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
