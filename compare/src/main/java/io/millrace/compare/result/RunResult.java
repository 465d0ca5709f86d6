package io.millrace.compare.result;

import java.util.List;

/**
 * What one method with one seed came to; a file each.
 *
 * @param fingerprint what it was made from
 * @param method label of the method
 * @param settings the method's settings, for people
 * @param seed its seed
 * @param evaluations what the probe sets said along the way, at least once
 * @param cost what it took
 */
public record RunResult(
        RunFingerprint fingerprint,
        String method,
        String settings,
        long seed,
        List<Evaluation> evaluations,
        Cost cost) {

    public RunResult {
        evaluations = List.copyOf(evaluations);
    }

    /**
     * The scores at one point of the stream.
     *
     * @param step updates tried so far
     * @param examples examples so far
     * @param scores one a probe set, and the test-then-train accuracy of all examples so far
     */
    public record Evaluation(long step, long examples, List<Score> scores) {

        public Evaluation {
            scores = List.copyOf(scores);
        }

        public double value(String probeSet) {
            return scores.stream()
                    .filter(score -> score.probeSet().equals(probeSet))
                    .findFirst()
                    .orElseThrow()
                    .value();
        }
    }

    /**
     * A score on one probe set.
     *
     * @param probeSet name of the probe set
     * @param measure how it is scored
     * @param value the score
     */
    public record Score(String probeSet, Measure measure, double value) {}

    /**
     * What a run took.
     *
     * @param stepSeconds median time of predicting and training one mini-batch
     * @param secondsPerExample that, divided by the size of a mini-batch
     * @param notApplied updates that were left out because the loss or the gradient was not finite
     * @param seconds time of the whole run, with evaluations
     */
    public record Cost(double stepSeconds, double secondsPerExample, long notApplied, double seconds) {}

    /** The last evaluation. */
    public Evaluation last() {
        return evaluations.get(evaluations.size() - 1);
    }

    /** Best score on a probe set up to an evaluation minus the score there, at least 0. */
    public double forgetting(String probeSet, int evaluation) {
        double best = Double.NEGATIVE_INFINITY;
        for (Evaluation past : evaluations.subList(0, evaluation + 1)) {
            best = Math.max(best, past.value(probeSet));
        }
        return best - evaluations.get(evaluation).value(probeSet);
    }
}
