package io.millrace.trainer.lineage;

import io.millrace.schemas.Reaction;
import io.millrace.trainer.policy.PolicyRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;
import java.util.Optional;

/**
 * Training since the newest checkpoint, which a rollback must undo.
 *
 * @param parent id of that checkpoint; empty if there is none
 * @param range what was trained
 * @param pendingRecords records to publish with the checkpoint that covers it
 * @param policy what the restored checkpoints record of the task's policy; it has a reaction if the policy returns to the champion
 */
public record UncheckpointedTraining(
        Optional<String> parent,
        RolledBackRange range,
        List<ProducerRecord<String, byte[]>> pendingRecords,
        PolicyRecord policy) {

    /** The return to the champion, if that is the cause; none if the loss has exploded. */
    public List<Reaction> reactions() {
        return policy.reactions() == null ? List.of() : policy.reactions();
    }
}
