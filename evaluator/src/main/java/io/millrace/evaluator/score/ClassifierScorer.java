package io.millrace.evaluator.score;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Scores with the encoder. Its native memory lives for one call, on the calling thread. */
public final class ClassifierScorer implements ModelScorer {

    private final Runnable unlessGivenUp;

    /**
     * A scorer.
     *
     * @param unlessGivenUp called before every {@value ProbeSet#TEXTS_PER_CALL} texts; throws if nobody waits for the scores
     */
    public ClassifierScorer(Runnable unlessGivenUp) {
        this.unlessGivenUp = unlessGivenUp;
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
                ? new RegressionScorer(task.task().tolerance(), texts -> ask(classifier::scores, texts))
                : new ClassificationScorer(classifier.labels(), texts -> ask(classifier::probabilities, texts));
    }

    private <R> R ask(Function<List<TextInput>, R> model, List<TextInput> texts) {
        unlessGivenUp.run();
        return model.apply(texts);
    }

    /** Only files that make no model are the checkpoint's fault; a device or memory that lacks is the evaluator's. */
    private static TextClassifier load(Path model, EvaluatedTask task) {
        try {
            return TextClassifier.load(model, task.evaluation().compute());
        } catch (UnusableCheckpointException e) {
            throw new CorruptCheckpointException("the encoder cannot load it: " + e.getMessage(), e);
        }
    }
}
