package io.millrace.evaluator;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.kafka.CloudEvents;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The records that publish a judgement. Event ids are derived from the announced checkpoint and its hash, so an event
 * that is written again after a repeated announcement keeps its id.
 */
final class ResultRecords {

    private ResultRecords() {}

    static List<ProducerRecord<String, byte[]>> of(KafkaConnection kafka, Judgement judgement, Instant now) {
        CheckpointReference checkpoint = judgement.update().model().checkpoint();
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        judgement
                .evaluation()
                .ifPresent(evaluation ->
                        records.add(record(kafka.topic(Topics.EVALUATIONS), checkpoint.task(), evaluation, List.of())));
        for (DriftEvent event : judgement.drift()) {
            records.add(record(kafka.topic(Topics.DRIFT), checkpoint.task(), event, headers(checkpoint, event, now)));
        }
        ModelUpdate update = judgement.update();
        records.add(
                record(kafka.topic(Topics.MODEL_UPDATES), checkpoint.task(), update, headers(checkpoint, update, now)));
        records.add(record(
                kafka.topic(Topics.TASK_HISTORIES),
                checkpoint.task(),
                judgement.history().snapshot(checkpoint.task()),
                List.of()));
        return records;
    }

    private static List<Header> headers(CheckpointReference checkpoint, DriftEvent event, Instant now) {
        String id = id("drift", checkpoint) + "/" + event.metric();
        return CloudEvents.headers("drift." + event.phase().wireName(), source(checkpoint), id, event.metric(), now);
    }

    private static List<Header> headers(CheckpointReference checkpoint, ModelUpdate update, Instant now) {
        String kind = "model-update." + update.verdict().wireName();
        return CloudEvents.headers(kind, source(checkpoint), id("model-update", checkpoint), checkpoint.id(), now);
    }

    private static String source(CheckpointReference checkpoint) {
        return "/evaluator/" + checkpoint.task();
    }

    private static String id(String kind, CheckpointReference checkpoint) {
        return kind + "/" + checkpoint.id() + "/" + checkpoint.sha256();
    }

    private static <V> ProducerRecord<String, byte[]> record(
            Topic<V> topic, String key, V value, List<Header> headers) {
        byte[] bytes = topic.valueSerde().serializer().serialize(topic.name(), value);
        return new ProducerRecord<>(topic.name(), null, key, bytes, headers);
    }
}
