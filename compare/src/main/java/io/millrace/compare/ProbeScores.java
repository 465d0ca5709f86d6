package io.millrace.compare;

import io.millrace.compare.result.Measure;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.Auroc;
import io.millrace.compare.stats.RSquared;
import io.millrace.evaluator.score.Accuracy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scores a model on all probe sets. */
final class ProbeScores {

    private final List<ComparedProbeSet> probeSets;
    private final List<String> labels;
    private final Map<String, List<float[]>> outputs = new HashMap<>();

    private ProbeScores(List<ComparedProbeSet> probeSets, TrainableModel student) {
        this.probeSets = probeSets;
        labels = student.labels();
        probeSets.forEach(probeSet -> outputs.put(probeSet.name(), probeSet.outputs(student)));
    }

    /** One score a probe set, in their order. Texts out of scope are told apart from the first labelled probe set. */
    static List<Score> of(List<ComparedProbeSet> probeSets, TrainableModel student) {
        ProbeScores scores = new ProbeScores(probeSets, student);
        return probeSets.stream()
                .map(probeSet -> new Score(probeSet.name(), probeSet.measure(), scores.value(probeSet)))
                .toList();
    }

    private double value(ComparedProbeSet probeSet) {
        return switch (probeSet.measure()) {
            case ACCURACY -> Accuracy.of(probeSet.predictions(labels, outputs.get(probeSet.name())));
            case R_SQUARED -> RSquared.of(probeSet.numbers(), largestOutputs(probeSet));
            case AUROC -> Auroc.of(largestOutputs(inScope()), largestOutputs(probeSet));
        };
    }

    private ComparedProbeSet inScope() {
        return probeSets.stream()
                .filter(probeSet -> probeSet.measure() == Measure.ACCURACY)
                .findFirst()
                .orElseThrow();
    }

    /** Of a classifier the probability of the most probable class, of a regression the number. */
    private double[] largestOutputs(ComparedProbeSet probeSet) {
        return outputs.get(probeSet.name()).stream()
                .mapToDouble(ProbeScores::largest)
                .toArray();
    }

    private static double largest(float[] row) {
        float largest = row[0];
        for (float output : row) {
            largest = Math.max(largest, output);
        }
        return largest;
    }
}
