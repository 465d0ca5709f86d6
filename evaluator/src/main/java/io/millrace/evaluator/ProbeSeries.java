package io.millrace.evaluator;

/**
 * The accuracies of a task's checkpoints on one version of a probe set, folded to what later ones are compared with.
 *
 * @param version version of the probe set
 * @param best the best accuracy so far
 * @param latest the accuracy of the newest checkpoint
 * @param drifting whether drift has started and not recovered
 */
record ProbeSeries(String version, double best, double latest, boolean drifting) {

    /** How far the newest checkpoint lies below the best so far; 0 at a new best. */
    double forgetting() {
        return best - latest;
    }
}
