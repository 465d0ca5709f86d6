package io.millrace.trainer.lineage;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;
import java.util.Optional;

/**
 * Training since the newest checkpoint, which a rollback must undo.
 *
 * @param parent id of that checkpoint; empty if there is none
 * @param range what was trained
 * @param pendingRecords records to publish with the checkpoint that covers it
 */
public record UncheckpointedTraining(
        Optional<String> parent, RolledBackRange range, List<ProducerRecord<String, byte[]>> pendingRecords) {}
