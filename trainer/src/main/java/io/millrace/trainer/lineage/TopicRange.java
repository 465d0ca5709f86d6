package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.trainer.batch.PolledRecord;

import java.util.ArrayList;
import java.util.List;

/** Reads again the records that a checkpoint was trained on. */
public final class TopicRange {

    private TopicRange() {}

    /** A task's committed records in a range, as far as the topic still holds them, in the order of their offsets. */
    public static List<PolledRecord> read(KafkaConnection kafka, Topic<?> topic, OffsetRange range, String task) {
        List<PolledRecord> records = new ArrayList<>();
        try (TopicReader reader = TopicReader.forService(kafka)) {
            long beginning = reader.beginning(topic, range.partition());
            long first = Math.min(Math.max(range.first(), beginning), range.next());
            reader.read(topic, new OffsetRange(range.partition(), first, range.next()), record -> {
                if (task.equals(record.key())) {
                    records.add(new PolledRecord(record.offset(), record.value()));
                }
            });
        }
        return records;
    }

    /** First offset that a partition of a topic still holds. */
    static long beginning(KafkaConnection kafka, Topic<?> topic, int partition) {
        try (TopicReader reader = TopicReader.forService(kafka)) {
            return reader.beginning(topic, partition);
        }
    }

    /** The records of a task from an offset of a partition on. They are counted, not kept. */
    public static TaskTopics.LeftBehind leftBehind(
            KafkaConnection kafka, Topic<?> topic, int number, long offset, String task) {
        long[] found = {0, 0, 0};
        try (TopicReader reader = TopicReader.forService(kafka)) {
            long beginning = reader.beginning(topic, number);
            long first = Math.max(offset, beginning);
            long next = Math.max(first, reader.end(topic, number));
            reader.read(topic, new OffsetRange(number, first, next), record -> {
                if (task.equals(record.key())) {
                    found[1] = found[0] == 0 ? record.offset() : found[1];
                    found[2] = record.offset() + 1;
                    found[0]++;
                }
            });
            return new TaskTopics.LeftBehind(beginning, found[0], found[1], found[2]);
        }
    }
}
