package io.millrace.evaluator;

import io.millrace.encoder.Compute;
import io.millrace.encoder.TextClassifier;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.List;

/** Scores with the encoder. Its native memory lives for one call, on the calling thread. */
final class ClassifierScorer implements ModelScorer {

    private final StopSignal stop;

    ClassifierScorer(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public List<ProbeScore> score(Path model, Compute compute, List<ProbeSet> probeSets) {
        try (TextClassifier classifier = load(model, compute)) {
            ProbeRunner runner = new ProbeRunner(classifier.labels(), texts -> {
                stop.throwIfRequested();
                return classifier.probabilities(texts);
            });
            return probeSets.stream().map(runner::score).toList();
        }
    }

    private static TextClassifier load(Path model, Compute compute) {
        try {
            return TextClassifier.load(model, compute);
        } catch (IllegalArgumentException e) {
            // Whole files, as their hashes say, that make no model: the checkpoint's fault and not the evaluator's.
            throw new CorruptCheckpointException("the encoder cannot load it: " + e.getMessage(), e);
        }
    }
}
