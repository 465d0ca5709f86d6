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

/** Loads a model and scores it on probe sets. Its native memory lives for one call, on the calling thread. */
public final class ModelScorer {

    private final Runnable throwIfGivenUp;

    /**
     * A scorer.
     *
     * @param throwIfGivenUp called before every {@value ProbeOutputs#TEXTS_PER_CALL} texts; throws if nobody waits for
     *     the scores
     */
    public ModelScorer(Runnable throwIfGivenUp) {
        this.throwIfGivenUp = throwIfGivenUp;
    }

    /**
     * One score per probe set, in their order. The task decides which predictions are right and which device to use; the
     * labels are the model's own.
     *
     * @throws CorruptCheckpointException if the directory holds no usable model
     */
    public List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        try (TextClassifier classifier = load(model, task)) {
            Function<ProbeSet, ProbeScore> scorer = scorer(classifier, task);
            return probeSets.stream().map(scorer).toList();
        }
    }

    private Function<ProbeSet, ProbeScore> scorer(TextClassifier classifier, EvaluatedTask task) {
        boolean regression = task.task().kind().isRegression();
        if (classifier.isRegression() != regression) {
            throw new CorruptCheckpointException("the model gives " + (regression ? "classes" : "numbers")
                    + ", but task " + task.task().name() + " asks for " + (regression ? "numbers" : "classes")
                    + ". It was trained when the task was of another kind.");
        }
        return regression
                ? new RegressionScorer(task.task().tolerance(), texts -> ask(classifier::scores, texts))::score
                : new ClassificationScorer(classifier.labels(), texts -> ask(classifier::probabilities, texts))::score;
    }

    private <R> R ask(Function<List<TextInput>, R> model, List<TextInput> texts) {
        throwIfGivenUp.run();
        return model.apply(texts);
    }

    /** Only unusable files are the checkpoint's fault; a missing device or too little memory is the evaluator's. */
    private static TextClassifier load(Path model, EvaluatedTask task) {
        try {
            return TextClassifier.load(model, task.evaluation().compute());
        } catch (UnusableCheckpointException e) {
            throw new CorruptCheckpointException("the encoder cannot load it: " + e.getMessage(), e);
        }
    }
}
