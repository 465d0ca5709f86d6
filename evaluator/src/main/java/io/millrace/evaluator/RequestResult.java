package io.millrace.evaluator;

import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What executing one request by hand has led to.
 *
 * @param outcome what became of the request
 * @param update the verdict that it led to; empty unless it was a promotion or rollback that was executed
 * @param before the task's history before the request
 * @param history the task's history including it
 */
record RequestResult(RequestOutcome outcome, Optional<ModelUpdate> update, TaskHistory before, TaskHistory history) {

    /** The models that may be deleted now. */
    Set<String> outdated() {
        return update.map(verdict -> new Judgement(Optional.empty(), List.of(), verdict, before, history).outdated())
                .orElse(Set.of());
    }
}
