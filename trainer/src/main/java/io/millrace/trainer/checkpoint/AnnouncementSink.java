package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointAnnouncement;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;

/** Announces a checkpoint and publishes its pending records, both in one transaction. */
@FunctionalInterface
public interface AnnouncementSink {

    /** Announces it. Called on the thread that has written it, which may train meanwhile on another. */
    void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> pendingRecords);

    /** Notes that it was announced, on the training thread. */
    default void announced(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> records) {}
}
