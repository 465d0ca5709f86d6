package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.EvaluatorState;

import java.util.Collection;
import java.util.Optional;

/** Executes the requests by hand that wait, one per call. It keeps nothing from one to the next, as {@link AnnouncementJudge}. */
final class RequestJudge {

    private final HistoryReader histories;
    private final RequestExecutor executor;

    RequestJudge(HistoryReader histories, RequestExecutor executor) {
        this.histories = histories;
        this.executor = executor;
    }

    /** Executes or refuses the oldest request of one of these tasks; empty if none waits. */
    Optional<RequestResult> next(Collection<EvaluatedTask> tasks) {
        EvaluatorState state = histories.caughtUp();
        for (EvaluatedTask task : tasks) {
            if (state.mayHaveRequests(task)) {
                EvaluatorState known = histories.caughtUp(task);
                Optional<RequestResult> result = known.nextRequest(task)
                        .map(request -> executor.execute(task, request, known.history(task), known.probeSets(task)));
                if (result.isPresent()) {
                    return result;
                }
            }
        }
        return Optional.empty();
    }
}
