package io.millrace.evaluator.score;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Loads a model and scores it on probe sets. Its native memory lives for one call, on the calling thread. */
public final class ModelScorer implements Scorer {

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
     * The model's answers to each probe set, and their scores, in the order of the sets. The task decides which predictions
     * are right and which device to use; the labels are the model's own.
     *
     * @throws CorruptCheckpointException if the directory holds no usable model
     */
    @Override
    public List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        try (TextClassifier classifier = load(model, task)) {
            LoadedScorer scorer = scorer(classifier, task);
            return probeSets.stream().map(scorer::score).toList();
        }
    }

    /**
     * Which of some examples the model answers right, in their order. A label that the model does not know is wrong.
     *
     * @throws CorruptCheckpointException if the directory holds no usable model
     */
    @Override
    public boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples) {
        try (TextClassifier classifier = load(model, task)) {
            List<? extends Answer> answers = scorer(classifier, task).answers("fresh examples", examples);
            boolean[] right = new boolean[answers.size()];
            for (int i = 0; i < right.length; i++) {
                right[i] = answers.get(i).correct();
            }
            return right;
        }
    }

    private LoadedScorer scorer(TextClassifier classifier, EvaluatedTask task) {
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
