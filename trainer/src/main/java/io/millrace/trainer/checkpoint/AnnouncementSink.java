package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointAnnouncement;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;

/** Announces a checkpoint and publishes its pending records, both in one transaction. */
@FunctionalInterface
public interface AnnouncementSink {

    void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> pendingRecords);
}
