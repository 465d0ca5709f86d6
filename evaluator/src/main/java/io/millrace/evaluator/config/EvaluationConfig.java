package io.millrace.evaluator.config;

import io.millrace.encoder.Compute;

import java.util.Map;

/**
 * How a task's checkpoints are judged.
 *
 * @param compute device and precision of the predictions
 * @param margin largest loss of accuracy against the current model that the gate accepts on any probe set; default 0.02
 * @param margins margins of single probe sets by name, which replace {@code margin}; optional
 * @param driftMargin drift starts at this fall below the best score so far; default 0.05
 * @param keepModels published models of the task that stay in the store; default 5
 */
public record EvaluationConfig(
        Compute compute, Double margin, Map<String, Double> margins, Double driftMargin, Integer keepModels) {

    public EvaluationConfig {
        compute = compute == null ? Compute.defaults() : compute;
        margin = margin == null ? 0.02 : margin;
        margins = margins == null ? Map.of() : Map.copyOf(margins);
        driftMargin = driftMargin == null ? 0.05 : driftMargin;
        keepModels = keepModels == null ? 5 : keepModels;
        requireShare("margin", margin);
        margins.forEach((probeSet, share) -> requireShare("margins." + probeSet, share));
        requireShare("driftMargin", driftMargin);
        if (keepModels < 1) {
            throw new IllegalArgumentException("evaluation.keepModels must be at least 1, got " + keepModels);
        }
    }

    /** Every setting at its default. */
    public static EvaluationConfig defaults() {
        return new EvaluationConfig(Compute.defaults(), 0.02, Map.of(), 0.05, 5);
    }

    /** The margin of one probe set. */
    public double marginOf(String probeSet) {
        return margins.getOrDefault(probeSet, margin);
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("evaluation." + key + " must be in [0, 1], got " + value);
        }
    }
}
