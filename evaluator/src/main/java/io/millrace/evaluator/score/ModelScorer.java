package io.millrace.evaluator.score;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.List;

/** Loads models and scores them on probe sets. A model's native memory lives until it is closed, or for one call. Used by one thread. */
public final class ModelScorer implements Scorer {

    private final Runnable throwIfGivenUp;
    private final TokenizedProbes tokenized = new TokenizedProbes(TokenizedProbes.MAX_TOKENS);

    /**
     * A scorer.
     *
     * @param throwIfGivenUp called before every pass over some of the texts; throws if nobody waits for the scores
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
        try (AskedModel asked = load(model, task)) {
            return asked.answers(probeSets);
        }
    }

    /**
     * Which of some examples the model answers right, in their order. A label that the model does not know is wrong.
     *
     * @throws CorruptCheckpointException if the directory holds no usable model
     */
    @Override
    public boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples) {
        try (AskedModel asked = load(model, task)) {
            return asked.right(examples);
        }
    }

    /**
     * The model in a directory.
     *
     * @throws CorruptCheckpointException if the directory holds no usable model
     */
    @Override
    public AskedModel load(Path model, EvaluatedTask task) {
        TextClassifier classifier = open(model, task);
        try {
            return new Loaded(classifier, scorer(classifier, task));
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    private final class Loaded implements AskedModel {

        private final TextClassifier classifier;
        private final LoadedScorer scorer;

        Loaded(TextClassifier classifier, LoadedScorer scorer) {
            this.classifier = classifier;
            this.scorer = scorer;
        }

        @Override
        public List<ScoredSet> answers(List<ProbeSet> probeSets) {
            return probeSets.stream()
                    .map(probeSet -> scorer.score(
                            probeSet,
                            logits(
                                    classifier,
                                    "probe set " + probeSet.name(),
                                    probeSet.examples(),
                                    tokenized.of(probeSet, classifier))))
                    .toList();
        }

        @Override
        public boolean[] right(List<LabelledExample> examples) {
            List<TokenizedText> texts = TokenizedProbes.tokenize(examples, classifier);
            List<? extends Answer> answers =
                    scorer.answers(examples, logits(classifier, "the fresh examples", examples, texts));
            boolean[] right = new boolean[answers.size()];
            for (int i = 0; i < right.length; i++) {
                right[i] = answers.get(i).correct();
            }
            return right;
        }

        @Override
        public void close() {
            classifier.close();
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
                ? new RegressionScorer(task.task().tolerance())
                : new ClassificationScorer(classifier.labels(), classifier::meaning);
    }

    /** The model's outputs. Shape [examples, outputs]. */
    private List<float[]> logits(
            TextClassifier classifier, String name, List<LabelledExample> examples, List<TokenizedText> texts) {
        List<float[]> logits = List.of(classifier.logits(texts, throwIfGivenUp));
        ProbeOutputs.requireFinite(name, examples, logits, CorruptCheckpointException::new);
        return logits;
    }

    /** Only unusable files are the checkpoint's fault; a missing device or too little memory is the evaluator's. */
    private static TextClassifier open(Path model, EvaluatedTask task) {
        try {
            return TextClassifier.load(model, task.evaluation().compute());
        } catch (UnusableCheckpointException e) {
            throw new CorruptCheckpointException("the encoder cannot load it: " + e.getMessage(), e);
        }
    }
}
