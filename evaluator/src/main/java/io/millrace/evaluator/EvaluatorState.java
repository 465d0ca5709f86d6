package io.millrace.evaluator;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Task;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The evaluator's whole state: the probe sets and the history of every task, folded from their topics. A malformed
 * record is counted and logged, and changes no history.
 */
final class EvaluatorState implements TopicReplay.Fold {

    /** The topics that it is folded from. */
    static final List<String> TOPICS =
            List.of(Topics.PROBES.name(), Topics.EVALUATIONS.name(), Topics.MODEL_UPDATES.name());

    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorState.class);

    private final ProbeSets probeSets;
    private final Map<String, TaskHistory> histories = new HashMap<>();
    private final EvaluatorMetrics metrics;

    EvaluatorState(List<EvaluatedTask> tasks, EvaluatorMetrics metrics) {
        this.metrics = metrics;
        probeSets = new ProbeSets(
                tasks.stream().map(EvaluatedTask::task).collect(Collectors.toMap(Task::name, Function.identity())));
        tasks.forEach(task -> histories.put(task.task().name(), TaskHistory.empty(task.evaluation())));
    }

    TaskHistory history(EvaluatedTask task) {
        return histories.get(task.task().name());
    }

    List<ProbeSet> probeSets(EvaluatedTask task) {
        return probeSets.of(task.task().name());
    }

    @Override
    public void apply(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.PROBES.name())) {
            applyProbe(record);
        } else if (record.topic().equals(Topics.EVALUATIONS.name())) {
            HistoryRecords.evaluation(record.value())
                    .ifPresentOrElse(
                            evaluation -> change(evaluation.checkpoint(), history -> history.after(evaluation)),
                            () -> malformedHistory(record));
        } else {
            HistoryRecords.modelUpdate(record.value())
                    .ifPresentOrElse(
                            update -> change(update.model().checkpoint(), history -> history.after(update)),
                            () -> malformedHistory(record));
        }
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

    private void change(CheckpointReference checkpoint, UnaryOperator<TaskHistory> change) {
        histories.computeIfPresent(checkpoint.task(), (task, history) -> change.apply(history));
    }

    private void malformedHistory(ConsumerRecord<String, byte[]> record) {
        metrics.malformedHistory();
        LOG.warn(
                "Record at {}-{}@{} is nothing that an evaluator writes; it is left out of the history.",
                record.topic(),
                record.partition(),
                record.offset());
    }
}
