package io.millrace.evaluator;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.TextInput;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Scores with the encoder. Its native memory lives for one call, on the calling thread. */
final class ClassifierScorer implements ModelScorer {

    private final StopSignal stop;

    ClassifierScorer(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        try (TextClassifier classifier = load(model, task)) {
            ProbeRunner runner = runner(classifier, task);
            return probeSets.stream().map(runner::score).toList();
        }
    }

    private ProbeRunner runner(TextClassifier classifier, EvaluatedTask task) {
        boolean regression = task.task().kind().isRegression();
        if (classifier.isRegression() != regression) {
            throw new CorruptCheckpointException("the model gives " + (regression ? "classes" : "numbers")
                    + ", but task " + task.task().name() + " asks for " + (regression ? "numbers" : "classes")
                    + ". It was trained when the task was of another kind.");
        }
        return regression
                ? new NumberRunner(task.task().tolerance(), texts -> unlessStopped(classifier::scores, texts))
                : new ClassRunner(classifier.labels(), texts -> unlessStopped(classifier::probabilities, texts));
    }

    private <R> R unlessStopped(Function<List<TextInput>, R> model, List<TextInput> texts) {
        stop.throwIfRequested();
        return model.apply(texts);
    }

    private static TextClassifier load(Path model, EvaluatedTask task) {
        try {
            return TextClassifier.load(model, task.evaluation().compute());
        } catch (IllegalArgumentException e) {
            // Whole files, as their hashes say, that make no model: the checkpoint's fault and not the evaluator's.
            throw new CorruptCheckpointException("the encoder cannot load it: " + e.getMessage(), e);
        }
    }
}
