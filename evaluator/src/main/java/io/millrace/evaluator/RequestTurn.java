package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Executes the requests by hand that wait, on the polling thread between two announcements. Each has a transaction of its own. Only the
 * evaluator that has the partition of {@code checkpoints} with the task's announcements executes the task's requests; if that partition
 * moves meanwhile, nothing is written, and the next owner executes them.
 */
final class RequestTurn {

    private final List<EvaluatedTask> tasks;
    private final TransactionalCheckpoints checkpoints;
    private final RequestWatch watch;
    private final RequestJudge judge;
    private final Worker worker;
    private final ResultWriter results;

    RequestTurn(
            List<EvaluatedTask> tasks,
            TransactionalCheckpoints checkpoints,
            RequestWatch watch,
            RequestJudge judge,
            Worker worker,
            ResultWriter results) {
        this.tasks = tasks;
        this.checkpoints = checkpoints;
        this.watch = watch;
        this.judge = judge;
        this.worker = worker;
        this.results = results;
    }

    /** Executes all that wait. If a partition moves, or a transaction is aborted, the next turn continues. */
    void take() {
        Set<TopicPartition> owned = checkpoints.owned();
        if (!watch.isDue(owned)) {
            return;
        }
        List<EvaluatedTask> own = tasks.stream()
                .filter(task -> owned.contains(partitionOf(task.task().name())))
                .toList();
        boolean writing = true;
        while (writing) {
            Optional<Optional<RequestResult>> next = next(own, owned);
            if (next.isEmpty()) {
                return;
            }
            Optional<RequestResult> result = next.get();
            if (result.isEmpty()) {
                watch.settled(owned);
            }
            writing = result.isPresent() && write(result.get());
        }
    }

    private boolean write(RequestResult result) {
        return results.write(partitionOf(result.outcome().request().task()), result);
    }

    private TopicPartition partitionOf(String task) {
        return checkpoints.partitionOf(task);
    }

    /** The next result, if any request waits; empty if a partition has moved. */
    private Optional<Optional<RequestResult>> next(List<EvaluatedTask> own, Set<TopicPartition> owned) {
        return worker.doWhile(() -> judge.next(own), () -> checkpoints.keeps(owned));
    }
}
