package io.millrace.app.config;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.TrainingConfig;

import java.util.List;

/**
 * One task: what its examples are, how it is trained and how its checkpoints are judged.
 *
 * @param kind single texts or pairs, with a label or a number; default single
 * @param labels the label names in the order of the model's logits: at least two; none for regression; those to start
 *     with, even none, if new labels grow the head
 * @param newLabels what becomes of a label that the task does not know; default reject
 * @param maxLabels most labels that the head may grow to; default 1000, or all of {@code labels} if they are more
 * @param tolerance regression only: a prediction counts as right if it differs by at most this from the label; default
 *     0.5
 * @param maxTextChars longest text accepted, in UTF-16 units; default 2000
 * @param training how it is trained; required, because it names the encoder
 * @param evaluation how its checkpoints are judged
 */
public record TaskConfig(
        TaskKind kind,
        List<String> labels,
        NewLabels newLabels,
        Integer maxLabels,
        Double tolerance,
        Integer maxTextChars,
        TrainingConfig training,
        EvaluationConfig evaluation) {

    public TaskConfig {
        kind = kind == null ? TaskKind.SINGLE : kind;
        labels = labels == null ? List.of() : List.copyOf(labels);
        newLabels = newLabels == null ? NewLabels.REJECT : newLabels;
        maxLabels = maxLabels == null ? Task.defaultMaxLabels(labels) : maxLabels;
        tolerance = tolerance == null ? Task.DEFAULT_TOLERANCE : tolerance;
        maxTextChars = maxTextChars == null ? 2000 : maxTextChars;
        if (training == null) {
            throw new IllegalArgumentException("training must hold at least the key encoder, got nothing");
        }
        evaluation = evaluation == null ? EvaluationConfig.defaults() : evaluation;
    }

    /** The task as every service knows it. */
    Task named(String name) {
        return new Task(name, kind, labels, newLabels, maxLabels, tolerance, maxTextChars);
    }
}
