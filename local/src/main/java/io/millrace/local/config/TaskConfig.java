package io.millrace.local.config;

import io.millrace.evaluator.EvaluationConfig;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.TrainingConfig;

import java.util.List;

/**
 * One task: what its examples are, how it is trained and how its checkpoints are judged.
 *
 * @param kind single texts or pairs; default single
 * @param labels the label names in the order of the model's logits; required
 * @param maxTextChars longest text accepted, in UTF-16 units; default 2000
 * @param training how it is trained; required, because it names the encoder
 * @param evaluation how its checkpoints are judged
 */
public record TaskConfig(
        TaskKind kind,
        List<String> labels,
        Integer maxTextChars,
        TrainingConfig training,
        EvaluationConfig evaluation) {

    public TaskConfig {
        kind = kind == null ? TaskKind.SINGLE : kind;
        labels = labels == null ? List.of() : List.copyOf(labels);
        maxTextChars = maxTextChars == null ? 2000 : maxTextChars;
        if (training == null) {
            throw new IllegalArgumentException("training must hold at least the key encoder, got nothing");
        }
        evaluation = evaluation == null ? new EvaluationConfig(null, null, null, null, null) : evaluation;
    }

    /** The task as every service knows it. */
    Task named(String name) {
        return new Task(name, kind, labels, maxTextChars);
    }
}
