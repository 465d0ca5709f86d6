package io.millrace.evaluator.state;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The evaluator's whole state: the probe sets, the requests and the history of every task. A history is the newest snapshot on
 * {@code task-histories}; without a snapshot it is folded from the full topics. A malformed record is counted and logged.
 * It changes no history, but a malformed snapshot removes the one it replaces.
 */
public final class EvaluatorState implements TopicReplay.Fold {

    private static final int MAX_FAULT_CHARS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorState.class);

    private final KafkaConnection kafka;
    private final ProbeSets probeSets;
    private final Map<String, EvaluatedTask> tasks;
    private final Map<String, TaskHistory> snapshots = new HashMap<>();
    private final Map<String, TaskHistory> folded = new HashMap<>();
    private final Map<String, Integer> unscored = new HashMap<>();
    private final WaitingRequests requests;
    private final StateMetrics metrics;

    public EvaluatorState(KafkaConnection kafka, List<EvaluatedTask> tasks, StateMetrics metrics) {
        this.kafka = kafka;
        this.metrics = metrics;
        this.tasks = tasks.stream().collect(Collectors.toMap(task -> task.task().name(), Function.identity()));
        probeSets = new ProbeSets(
                tasks.stream().map(EvaluatedTask::task).collect(Collectors.toMap(Task::name, Function.identity())));
        requests = new WaitingRequests(this.tasks.keySet());
        tasks.forEach(task -> folded.put(task.task().name(), TaskHistory.empty(task.evaluation())));
    }

    /**
     * The topics of the state. Two are compacted, so the time to read them depends on the live records only; people write the
     * third.
     */
    public List<String> topics() {
        return List.of(
                kafka.named(Topics.PROBES.name()),
                kafka.named(Topics.TASK_HISTORIES.name()),
                kafka.named(Topics.MODEL_REQUESTS.name()));
    }

    /** The full topics, from which the history of a task without a snapshot is folded. */
    public List<String> past() {
        return List.of(
                kafka.named(Topics.EVALUATIONS.name()),
                kafka.named(Topics.MODEL_UPDATES.name()),
                kafka.named(Topics.REQUEST_OUTCOMES.name()));
    }

    /** Whether {@code task-histories} has the history of a task; otherwise {@link #past} must be read too. */
    public boolean hasSnapshot(EvaluatedTask task) {
        return snapshots.containsKey(task.task().name());
    }

    public TaskHistory history(EvaluatedTask task) {
        String name = task.task().name();
        TaskHistory snapshot = snapshots.get(name);
        return snapshot != null
                ? snapshot
                : Objects.requireNonNull(folded.get(name), "the task must be one of the configured ones");
    }

    /** Whether a request of a task may be waiting; only with the task's history is it known whether one is. */
    public boolean mayHaveRequests(EvaluatedTask task) {
        return requests.hasAny(task.task().name());
    }

    /** The oldest request of a task that has been neither executed nor refused. */
    public Optional<LocatedRequest> nextRequest(EvaluatedTask task) {
        return requests.next(task.task().name(), history(task).requests());
    }

    /** The probe sets that a task's checkpoints are scored on: the first {@link ProbeExample#MAX_SETS} by name. */
    public List<ProbeSet> probeSets(EvaluatedTask task) {
        String name = task.task().name();
        List<ProbeSet> sets = probeSets.of(name);
        List<ProbeSet> scored = sets.subList(0, Math.min(sets.size(), ProbeExample.MAX_SETS));
        int tooMany = sets.size() - scored.size();
        metrics.unscoredProbeSets(name, tooMany);
        Integer before = unscored.put(name, tooMany);
        if (tooMany > 0 && (before == null || before != tooMany)) {
            LOG.warn(
                    "Task {} has {} probe sets: those after the first {} by name are not scored.",
                    name,
                    sets.size(),
                    ProbeExample.MAX_SETS);
        }
        return scored;
    }

    @Override
    public void apply(ConsumerRecord<String, byte[]> record) {
        if (is(record, Topics.PROBES)) {
            applyProbe(record);
        } else if (is(record, Topics.TASK_HISTORIES)) {
            applySnapshot(record);
        } else if (is(record, Topics.MODEL_REQUESTS)) {
            applyRequest(record);
        } else if (is(record, Topics.REQUEST_OUTCOMES)) {
            HistoryRecords.outcome(record.value())
                    .ifPresentOrElse(
                            outcome -> change(outcome.request().task(), history -> history.after(outcome)),
                            () -> malformedHistory(record));
        } else if (is(record, Topics.EVALUATIONS)) {
            HistoryRecords.evaluation(record.value())
                    .ifPresentOrElse(
                            evaluation -> change(evaluation.checkpoint().task(), history -> history.after(evaluation)),
                            () -> malformedHistory(record));
        } else {
            HistoryRecords.modelUpdate(record.value())
                    .ifPresentOrElse(
                            update -> change(update.model().checkpoint().task(), history -> history.after(update)),
                            () -> malformedHistory(record));
        }
    }

    private boolean is(ConsumerRecord<String, byte[]> record, Topic<?> topic) {
        return record.topic().equals(kafka.named(topic.name()));
    }

    private void applyProbe(ConsumerRecord<String, byte[]> record) {
        probeSets.apply(record).ifPresent(fault -> {
            metrics.malformedProbe();
            LOG.warn(
                    "Probe record at {}-{}@{} is malformed: {}.",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    fault);
        });
    }

    /** A tombstone makes the evaluator fold the full topics again. */
    private void applySnapshot(ConsumerRecord<String, byte[]> record) {
        EvaluatedTask task = tasks.get(record.key());
        if (task == null) {
            return;
        }
        if (record.value() == null) {
            snapshots.remove(record.key());
            return;
        }
        HistoryRecords.snapshot(record.key(), record.value())
                .map(snapshot -> TaskHistory.of(snapshot, task.evaluation()))
                .ifPresentOrElse(
                        history -> snapshots.merge(
                                record.key(),
                                history,
                                (before, after) -> after.verdicts() >= before.verdicts() ? after : before),
                        () -> {
                            snapshots.remove(record.key());
                            malformedHistory(record);
                        });
    }

    private void applyRequest(ConsumerRecord<String, byte[]> record) {
        requests.apply(record).ifPresent(fault -> {
            metrics.malformedRequest();
            LOG.warn(
                    "Request at {}-{}@{} is malformed and not executed: {}.",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    LogSafe.line(fault, MAX_FAULT_CHARS));
        });
    }

    private void change(String name, UnaryOperator<TaskHistory> change) {
        folded.computeIfPresent(name, (task, history) -> change.apply(history));
    }

    private void malformedHistory(ConsumerRecord<String, byte[]> record) {
        metrics.malformedHistory();
        LOG.warn(
                "Record at {}-{}@{} was not written by an evaluator; it is left out of the history.",
                record.topic(),
                record.partition(),
                record.offset());
    }
}
