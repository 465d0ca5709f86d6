package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.checkpoint.CheckpointHistory;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the topics say of a task.
 *
 * @param kafka the broker
 * @param task the task
 */
public record TopicPast(KafkaConnection kafka, String task) implements Rollback.Past {

    @Override
    public List<CheckpointAnnouncement> history() {
        return CheckpointHistory.read(kafka, task);
    }

    @Override
    public Set<String> promoted() {
        Set<String> promoted = new HashSet<>();
        for (ModelUpdate update : CheckpointHistory.read(kafka, Topics.MODEL_UPDATES, task)) {
            if (update.verdict() == Verdict.PROMOTED) {
                promoted.add(update.model().checkpoint().id());
            }
        }
        return promoted;
    }

    @Override
    public List<PolledRecord> records(OffsetRange range) {
        return TopicRange.read(kafka, Topics.ACCEPTED_EXAMPLES, range, task);
    }
}
