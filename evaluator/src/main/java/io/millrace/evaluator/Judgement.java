package io.millrace.evaluator;

import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The judgement of one checkpoint.
 *
 * @param evaluation its scores; empty if the checkpoint could not be read
 * @param drift the drift events that follow from the scores
 * @param update the verdict
 * @param before the task's history before this judgement
 * @param history the task's history including this judgement
 */
record Judgement(
        Optional<CheckpointEvaluation> evaluation,
        List<DriftEvent> drift,
        ModelUpdate update,
        TaskHistory before,
        TaskHistory history) {

    Judgement {
        drift = List.copyOf(drift);
    }

    /**
     * Ids of the models to delete. Those of the previous promotion are listed again, in case the evaluator that committed
     * it died before it could delete them. A rejected checkpoint is listed too: an earlier, aborted judgement may have
     * published it.
     */
    Set<String> outdated() {
        CheckpointReference checkpoint = update.model().checkpoint();
        Set<String> outdated = new TreeSet<>(before.retired());
        outdated.addAll(before.kept());
        outdated.addAll(history.retired());
        if (update.verdict() == Verdict.REJECTED) {
            outdated.add(checkpoint.id());
        }
        history.kept().forEach(outdated::remove);
        return outdated;
    }
}
