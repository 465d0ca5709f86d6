package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.TopicReplay;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Looks ahead on {@code checkpoints}. */
final class LaterAnnouncements {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;
    private final TopicReplay.EndOffsets endOffsets;

    /**
     * A reader of later announcements.
     *
     * @param consumer a consumer of its own that reads committed records, without a group
     * @param endOffsets gives the end of the topic
     */
    LaterAnnouncements(Consumer<String, byte[]> consumer, TopicReplay.EndOffsets endOffsets) {
        this.consumer = consumer;
        this.endOffsets = endOffsets;
    }

    /** Whether a later record in the partition of {@code record} announces another checkpoint of the task. */
    boolean hasSame(ConsumerRecord<String, byte[]> record, EvaluatedTask task) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, record.offset() + 1);
        long end =
                Objects.requireNonNull(endOffsets.of(List.of(partition)).get(partition), "every partition has an end");
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, byte[]> one : consumer.poll(POLL_TIMEOUT)) {
                if (AnnouncementReader.isOf(task, one)) {
                    return true;
                }
            }
        }
        return false;
    }
}
