package io.millrace.compare;

import io.millrace.compare.result.Measure;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.RSquared;
import io.millrace.evaluator.score.ClassificationScores;
import io.millrace.evaluator.score.LabelMapping;
import io.millrace.evaluator.score.Ranking;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Scores a model on all probe sets. */
final class ProbeScores {

    private final List<ComparedProbeSet> probeSets;
    private final List<String> labels;
    private final Map<String, List<float[]>> outputs = new HashMap<>();

    private ProbeScores(List<ComparedProbeSet> probeSets, TrainableModel model) {
        this.probeSets = probeSets;
        labels = model.labels();
        probeSets.forEach(probeSet -> outputs.put(probeSet.name(), probeSet.outputs(model)));
    }

    /** One score per probe set, in their order. Out-of-scope texts are compared with the first labelled probe set. */
    static List<Score> of(List<ComparedProbeSet> probeSets, TrainableModel model) {
        ProbeScores scores = new ProbeScores(probeSets, model);
        return probeSets.stream()
                .map(probeSet -> new Score(probeSet.name(), probeSet.measure(), scores.value(probeSet)))
                .toList();
    }

    private double value(ComparedProbeSet probeSet) {
        return switch (probeSet.measure()) {
            case ACCURACY -> ClassificationScores.accuracy(
                    LabelMapping.score(labels, probeSet.examples(), rows(probeSet)));
            case R_SQUARED -> RSquared.of(probeSet.numbers(), largestOutputs(probeSet));
            case AUROC -> new Ranking(largestOutputs(inScope()), largestOutputs(probeSet))
                    .auroc()
                    .orElseThrow();
        };
    }

    private List<float[]> rows(ComparedProbeSet probeSet) {
        return Objects.requireNonNull(outputs.get(probeSet.name()), "every probe set has outputs");
    }

    private ComparedProbeSet inScope() {
        return probeSets.stream()
                .filter(probeSet -> probeSet.measure() == Measure.ACCURACY)
                .findFirst()
                .orElseThrow();
    }

    /** For a classifier, the probability of the most probable class; for a regression, the number. */
    private double[] largestOutputs(ComparedProbeSet probeSet) {
        return rows(probeSet).stream().mapToDouble(ProbeScores::largest).toArray();
    }

    private static double largest(float[] row) {
        float largest = row[0];
        for (float output : row) {
            largest = Math.max(largest, output);
        }
        return largest;
    }
}
