package io.millrace.evaluator;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;
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
 * The records that publish a judgement, or the result of a request. Event ids are derived from the announced checkpoint and its
 * hash, or from the request's id, so an event that is written again after a repeated announcement or request keeps its id.
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

    /** The records of a request: what became of it, the verdict if it led to one, and the history. */
    static List<ProducerRecord<String, byte[]>> of(KafkaConnection kafka, RequestResult result, Instant now) {
        RequestOutcome outcome = result.outcome();
        String task = outcome.request().task();
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        result.update()
                .ifPresent(update -> records.add(record(
                        kafka.topic(Topics.MODEL_UPDATES),
                        task,
                        update,
                        headers(update.model().checkpoint(), update, now))));
        records.add(record(kafka.topic(Topics.REQUEST_OUTCOMES), task, outcome, headers(outcome, now)));
        records.add(record(
                kafka.topic(Topics.TASK_HISTORIES), task, result.history().snapshot(task), List.of()));
        return records;
    }

    private static List<Header> headers(RequestOutcome outcome, Instant now) {
        ModelRequest request = outcome.request();
        return CloudEvents.headers(
                "request-outcome." + outcome.result().wireName(),
                source(request.task()),
                "request-outcome/" + request.id(),
                request.action().wireName(),
                now);
    }

    private static List<Header> headers(CheckpointReference checkpoint, DriftEvent event, Instant now) {
        String id = id("drift", checkpoint) + "/" + event.metric();
        return CloudEvents.headers(
                "drift." + event.phase().wireName(), source(checkpoint.task()), id, event.metric(), now);
    }

    private static List<Header> headers(CheckpointReference checkpoint, ModelUpdate update, Instant now) {
        String kind = "model-update." + update.verdict().wireName();
        ModelUpdate.Request request = update.request();
        String id = request == null ? id("model-update", checkpoint) : "model-update/request/" + request.id();
        return CloudEvents.headers(kind, source(checkpoint.task()), id, checkpoint.id(), now);
    }

    private static String source(String task) {
        return "/evaluator/" + task;
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
