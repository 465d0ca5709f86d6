package io.millrace.evaluator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.evaluator.Outcome.SkipReason;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.StateMetrics;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.Verdict;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The evaluator's meters. Every record that it gets from {@code checkpoints} ends in exactly one count:
 *
 * <pre>received = promoted + rejected + skipped</pre>
 *
 * plus {@code retried}, which is 0 unless a transaction was aborted, or the partition moved to another evaluator while
 * the checkpoint was judged. Such a record is received again, by whoever then has the partition, unless its transaction
 * was committed after all. While a checkpoint is being judged, {@code received} is one ahead.
 *
 * <ul>
 *   <li>{@code millrace.evaluator.received}: records taken from {@code checkpoints};
 *   <li>{@code millrace.evaluator.checkpoints}, by {@code task} and {@code verdict}: promoted, rejected, and with the
 *       task {@value #NO_TASK} skipped and retried;
 *   <li>{@code millrace.evaluator.skipped}, by {@code reason}: malformed, unknown-task, gone;
 *   <li>{@code millrace.evaluator.lag}, by {@code partition}, for the partitions of this process: offsets of
 *       {@code checkpoints} still to be read, without the record that is being judged;
 *   <li>{@code millrace.evaluator.unreadable}, by {@code task}: checkpoints rejected because they could not be read;
 *   <li>{@code millrace.evaluator.evaluation}, by {@code task}: time from staging to verdict;
 *   <li>{@code millrace.evaluator.requests}, by {@code task}, {@code action} and {@code result}: requests by hand;
 *   <li>{@code millrace.evaluator.drift}, by {@code task} and {@code phase}: drift events;
 *   <li>the meter of {@link ModelLatency};
 *   <li>the meters of {@link StateMetrics};
 *   <li>the gauges of {@link ScoreGauges}.
 * </ul>
 *
 * <p>Tags are bounded by the configured tasks; probe sets by {@link ScoreGauges#MAX_SERIES}.
 */
final class EvaluatorMetrics {

    /** The task of records that belong to no configured task; no task can have this name. */
    static final String NO_TASK = "_none";

    private static final String CHECKPOINTS = "millrace.evaluator.checkpoints";
    private static final String SKIPPED = "skipped";
    private static final String RETRIED = "retried";

    private final MeterRegistry registry;
    private final ScoreGauges scores;
    private final LagGauges lags;
    private final Map<String, Integer> partitionByTask = new HashMap<>();
    private final Set<String> tasks;
    private final Counter received;
    private final StateMetrics state;
    private final ModelLatency latency;

    EvaluatorMetrics(MeterRegistry registry, List<EvaluatedTask> tasks) {
        this.registry = registry;
        this.tasks = tasks.stream().map(task -> task.task().name()).collect(Collectors.toSet());
        scores = new ScoreGauges(registry);
        lags = new LagGauges(registry);
        received = registry.counter("millrace.evaluator.received");
        state = new StateMetrics(registry, this.tasks);
        latency = new ModelLatency(registry);
        startAtZero(tasks);
    }

    void received(ConsumerRecord<String, byte[]> record) {
        received.increment();
        if (tasks.contains(record.key())) {
            partitionByTask.put(record.key(), record.partition());
        }
    }

    /**
     * Shows the lag of each assigned partition of {@code checkpoints}, and stops showing tasks whose partition has moved
     * to another process.
     */
    void assigned(Map<Integer, OptionalLong> lagByPartition) {
        lags.show(lagByPartition);
        partitionByTask.entrySet().removeIf(task -> {
            boolean hasGone = !lagByPartition.containsKey(task.getValue());
            if (hasGone) {
                scores.forget(task.getKey());
            }
            return hasGone;
        });
    }

    void skipped(SkipReason reason) {
        checkpoints(NO_TASK, SKIPPED).increment();
        skippedBecause(reason).increment();
    }

    void retried() {
        checkpoints(NO_TASK, RETRIED).increment();
    }

    void judged(Judgement judgement) {
        CheckpointReference checkpoint = judgement.update().model().checkpoint();
        String task = checkpoint.task();
        checkpoints(task, judgement.update().verdict().wireName()).increment();
        judgement.drift().forEach(event -> drift(task, event.phase()).increment());
        judgement
                .evaluation()
                .ifPresentOrElse(
                        evaluation ->
                                scores.show(evaluation, judgement.history().series()),
                        () -> unreadable(task).increment());
    }

    void requested(RequestResult result) {
        ModelRequest request = result.outcome().request();
        requests(request.task(), request.action(), result.outcome().result()).increment();
    }

    /** From an example to a model; told of every verdict that is published. */
    ModelLatency latency() {
        return latency;
    }

    /** The part of the meters that the state counts in. */
    StateMetrics state() {
        return state;
    }

    <T> T timed(EvaluatedTask task, Supplier<T> evaluation) {
        return evaluationTimer(task.task().name()).record(evaluation);
    }

    /** Registers every counter, so that a dashboard tells "never happened" from "not there". */
    private void startAtZero(List<EvaluatedTask> tasks) {
        checkpoints(NO_TASK, SKIPPED);
        checkpoints(NO_TASK, RETRIED);
        for (SkipReason reason : SkipReason.values()) {
            skippedBecause(reason);
        }
        for (EvaluatedTask evaluated : tasks) {
            String task = evaluated.task().name();
            checkpoints(task, Verdict.PROMOTED.wireName());
            checkpoints(task, Verdict.REJECTED.wireName());
            unreadable(task);
            evaluationTimer(task);
            latency.startAtZero(task);
            for (ModelRequest.Action action : ModelRequest.Action.values()) {
                for (RequestOutcome.Result result : RequestOutcome.Result.values()) {
                    requests(task, action, result);
                }
            }
            for (DriftPhase phase : DriftPhase.values()) {
                drift(task, phase);
            }
        }
    }

    private Counter checkpoints(String task, String verdict) {
        return registry.counter(CHECKPOINTS, "task", task, "verdict", verdict);
    }

    private Counter skippedBecause(SkipReason reason) {
        return registry.counter("millrace.evaluator.skipped", "reason", reason.tag());
    }

    private Counter unreadable(String task) {
        return registry.counter("millrace.evaluator.unreadable", "task", task);
    }

    private Counter drift(String task, DriftPhase phase) {
        return registry.counter("millrace.evaluator.drift", "task", task, "phase", phase.wireName());
    }

    private Counter requests(String task, ModelRequest.Action action, RequestOutcome.Result result) {
        return registry.counter(
                "millrace.evaluator.requests", "task", task, "action", action.wireName(), "result", result.wireName());
    }

    private Timer evaluationTimer(String task) {
        return registry.timer("millrace.evaluator.evaluation", "task", task);
    }
}
