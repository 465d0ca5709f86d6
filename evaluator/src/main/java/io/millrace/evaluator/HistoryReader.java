package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.TopicReplay;

/** Reads the state topics to their end: all that a verdict or a request depends on. */
final class HistoryReader {

    private final TopicReplay<EvaluatorState> topics;

    HistoryReader(TopicReplay<EvaluatorState> topics) {
        this.topics = topics;
    }

    /** The state; the history of a task without a snapshot may still be unknown. */
    EvaluatorState caughtUp() {
        return topics.caughtUp();
    }

    /** The state, with the history of this task. */
    EvaluatorState caughtUp(EvaluatedTask task) {
        EvaluatorState state = topics.caughtUp();
        if (!state.hasSnapshot(task)) {
            // Once, after an upgrade or for a new task; the verdict writes the snapshot.
            topics.alsoRead(state.past());
            state = topics.caughtUp();
        }
        return state;
    }
}
