package io.millrace.compare.result;

import java.util.List;

/**
 * The result of one method with one seed, stored in one file.
 *
 * @param fingerprint everything that decides it
 * @param method label of the method
 * @param settings the method's settings, for the table
 * @param seed its seed
 * @param evaluations the scores along the stream, at least one
 * @param cost the time it took
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
     * @param step steps so far, applied or not
     * @param examples examples so far
     * @param scores one per probe set, and the test-then-train accuracy of all examples so far
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
     * The cost of a run.
     *
     * @param stepSeconds median time to predict and train one mini-batch
     * @param secondsPerExample {@code stepSeconds} divided by the mini-batch size
     * @param notApplied updates that were not applied because the loss or the gradient was not finite
     * @param seconds time of the whole run, including evaluations
     */
    public record Cost(double stepSeconds, double secondsPerExample, long notApplied, double seconds) {}

    /** The last evaluation. */
    public Evaluation last() {
        return evaluations.get(evaluations.size() - 1);
    }

    /** The best score on a probe set up to an evaluation minus the score at it, at least 0. */
    public double forgetting(String probeSet, int evaluation) {
        double best = Double.NEGATIVE_INFINITY;
        for (Evaluation past : evaluations.subList(0, evaluation + 1)) {
            best = Math.max(best, past.value(probeSet));
        }
        return best - evaluations.get(evaluation).value(probeSet);
    }
}
