package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.TopicReplay;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;

/** Looks ahead on {@code checkpoints}. */
final class LaterAnnouncements {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;
    private final TopicReplay.EndOffsets endOffsets;
    private final AnnouncementReader announcements;

    /**
     * A look ahead.
     *
     * @param consumer a consumer of its own that reads committed records, without a group
     * @param endOffsets where the topic ends
     * @param announcements what tells an announcement from anything else
     */
    LaterAnnouncements(
            Consumer<String, byte[]> consumer, TopicReplay.EndOffsets endOffsets, AnnouncementReader announcements) {
        this.consumer = consumer;
        this.endOffsets = endOffsets;
        this.announcements = announcements;
    }

    /** Whether one more checkpoint of the task is announced behind {@code record}, in its partition. */
    boolean hasSame(ConsumerRecord<String, byte[]> record, EvaluatedTask task) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, record.offset() + 1);
        long end = endOffsets.of(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, byte[]> one : consumer.poll(POLL_TIMEOUT)) {
                if (announcements.isOf(task, one)) {
                    return true;
                }
            }
        }
        return false;
    }
}
