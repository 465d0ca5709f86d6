package io.millrace.evaluator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the evaluator counts and measures. Every record that it gets from {@code checkpoints} ends in exactly one count:
 *
 * <pre>received = promoted + rejected + skipped</pre>
 *
 * plus {@code retried}, which is 0 unless a transaction had to be aborted, or the partition went to another evaluator while
 * the checkpoint was judged: such a record is received once more, by whoever has the partition then, but for one whose
 * transaction was committed after all. While a checkpoint is being judged, {@code received} is one ahead.
 *
 * <ul>
 *   <li>{@code millrace.evaluator.received}: records taken from {@code checkpoints};
 *   <li>{@code millrace.evaluator.checkpoints}, by {@code task} and {@code verdict}: promoted, rejected, and with the
 *       task {@value #NO_TASK} skipped and retried;
 *   <li>{@code millrace.evaluator.skipped}, by {@code reason}: malformed, unknown-task, gone;
 *   <li>{@code millrace.evaluator.lag}, by {@code partition}, for those that this process has: offsets of
 *       {@code checkpoints} that are still to be read, not counting the record that is being judged;
 *   <li>{@code millrace.evaluator.probe.sets.unscored}, by {@code task}: probe sets beyond
 *       {@link io.millrace.schemas.ProbeExample#MAX_SETS};
 *   <li>{@code millrace.evaluator.unreadable}, by {@code task}: those rejected because they could not be read;
 *   <li>{@code millrace.evaluator.evaluation}, by {@code task}: time from staging to verdict;
 *   <li>{@code millrace.evaluator.drift}, by {@code task} and {@code phase}: drift events;
 *   <li>{@code millrace.evaluator.malformed.probes} and {@code millrace.evaluator.malformed.history}: records on
 *       {@code probes}, and on {@code task-histories}, {@code evaluations} and {@code model-updates}, that are not what they should be. They are
 *       counted at each start, as the topics are read from their beginning;
 *   <li>the gauges of {@link ScoreGauges}.
 * </ul>
 *
 * <p>Tags are bounded by the configured tasks; probe sets by {@link ScoreGauges#MAX_SERIES}.
 */
public final class EvaluatorMetrics {

    /** The task of what belongs to none of the configured ones; no task can be called this. */
    static final String NO_TASK = "_none";

    private static final String CHECKPOINTS = "millrace.evaluator.checkpoints";
    private static final String SKIPPED = "skipped";
    private static final String RETRIED = "retried";

    private final MeterRegistry registry;
    private final ScoreGauges scores;
    private final LagGauges lags;
    private final Map<String, AtomicInteger> unscored = new ConcurrentHashMap<>();
    private final Map<String, Integer> partitionByTask = new HashMap<>();
    private final Set<String> tasks;
    private final Counter received;
    private final Counter malformedProbes;
    private final Counter malformedHistory;

    public EvaluatorMetrics(MeterRegistry registry, List<EvaluatedTask> tasks) {
        this.registry = registry;
        this.tasks = tasks.stream().map(task -> task.task().name()).collect(Collectors.toSet());
        scores = new ScoreGauges(registry);
        lags = new LagGauges(registry);
        received = registry.counter("millrace.evaluator.received");
        malformedProbes = registry.counter("millrace.evaluator.malformed.probes");
        malformedHistory = registry.counter("millrace.evaluator.malformed.history");
        startAtZero(tasks);
    }

    void received(ConsumerRecord<String, byte[]> record) {
        received.increment();
        if (tasks.contains(record.key())) {
            partitionByTask.put(record.key(), record.partition());
        }
    }

    /**
     * Shows what of {@code checkpoints} is still to be read, by assigned partition, and nothing more of tasks whose
     * partition another process has now.
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

    public void unscoredProbeSets(String task, int sets) {
        unscored.get(task).set(sets);
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

    public void malformedProbe() {
        malformedProbes.increment();
    }

    public void malformedHistory() {
        malformedHistory.increment();
    }

    <T> T timed(EvaluatedTask task, Supplier<T> evaluation) {
        return evaluationTimer(task.task().name()).record(evaluation);
    }

    /** So that a dashboard tells "never happened" from "not there". */
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
            AtomicInteger sets = unscored.computeIfAbsent(task, none -> new AtomicInteger());
            Gauge.builder("millrace.evaluator.probe.sets.unscored", sets, AtomicInteger::get)
                    .tag("task", task)
                    .register(registry);
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

    private Timer evaluationTimer(String task) {
        return registry.timer("millrace.evaluator.evaluation", "task", task);
    }
}
