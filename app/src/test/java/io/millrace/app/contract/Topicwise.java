package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.util.ArrayList;
import java.util.List;

/** What stands in the topics, as a user reads it. */
public final class Topicwise {

    private Topicwise() {}

    /** Every committed record. */
    public static List<ConsumerRecord<String, byte[]>> records(KafkaConnection kafka, Topic<?> topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        TopicReader.readAll(kafka, topic, records::add);
        return records;
    }

    /** Every committed value. */
    public static <V> List<V> values(KafkaConnection kafka, Topic<V> topic) {
        return records(kafka, topic).stream()
                .map(record -> topic.valueSerde().deserializer().deserialize(topic.name(), record.value()))
                .toList();
    }

    /** How many examples the announced checkpoints were trained on. */
    static long trained(KafkaConnection kafka) {
        return values(kafka, Topics.CHECKPOINTS).stream()
                .mapToLong(CheckpointAnnouncement::examples)
                .sum();
    }

    public static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }
}
