package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;
import java.util.Optional;

/**
 * What a run has trained since its newest checkpoint, and must undo.
 *
 * @param parent id of that checkpoint; empty if there is none
 * @param stretch what was trained
 * @param castOut records that wait to be published with it
 */
public record UncheckpointedTraining(
        Optional<String> parent, Stretch stretch, List<ProducerRecord<String, byte[]>> castOut) {

    /**
     * What one checkpoint covers, or would have.
     *
     * @param offsets of {@code accepted-examples}
     * @param texts of {@code texts}; null if the task reads none
     * @param gap what retention had removed; null if nothing
     * @param miniBatches its mini-batches, in the order of their offsets
     */
    public record Stretch(OffsetRange offsets, OffsetRange texts, OffsetRange gap, List<MiniBatchRange> miniBatches) {

        public Stretch {
            miniBatches = List.copyOf(miniBatches);
        }
    }
}
