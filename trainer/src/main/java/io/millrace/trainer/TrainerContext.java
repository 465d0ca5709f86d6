package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a trainer works.
 *
 * @param kafka how to reach the brokers
 * @param store root directory of the checkpoints
 * @param metrics where its meters are registered
 * @param listener learns what it has published
 */
record TrainerContext(KafkaConnection kafka, Path store, MeterRegistry metrics, TrainerListener listener) {

    /** Tells the listener of a checkpoint, after the drift that was published with it. */
    void published(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> records) {
        Topic<DriftEvent> drift = kafka.topic(Topics.DRIFT);
        try (Deserializer<DriftEvent> deserializer = drift.valueSerde().deserializer()) {
            records.stream()
                    .filter(record -> record.topic().equals(drift.name()))
                    .forEach(record -> listener.drift(deserializer.deserialize(drift.name(), record.value())));
        }
        listener.checkpoint(announcement);
    }
}
