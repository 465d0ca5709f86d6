package io.millrace.evaluator.config;

import io.millrace.encoder.Compute;
import io.millrace.schemas.GateRule;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a task's checkpoints are judged.
 *
 * @param compute device and precision of the predictions
 * @param gate by which rule checkpoints are promoted; default evidence
 * @param margin largest loss of accuracy that the gate accepts on any probe set; default 0.02
 * @param margins margins of single probe sets by name, which replace {@code margin}; optional
 * @param advisory names of probe sets that are scored but never keep a checkpoint from being promoted; optional
 * @param evidence how much evidence the gate asks for
 * @param smokeTimeout a checkpoint that takes longer to answer {@value #SMOKE_EXAMPLES} examples counts as unreadable; default
 *     30 seconds
 * @param driftMargin drift starts at this fall below the best score so far; default 0.05
 * @param keepModels published models of the task that stay in the store; default 5
 */
public record EvaluationConfig(
        Compute compute,
        GateRule gate,
        Double margin,
        Map<String, Double> margins,
        List<String> advisory,
        EvidenceConfig evidence,
        Duration smokeTimeout,
        Double driftMargin,
        Integer keepModels) {

    private static final EvaluationConfig DEFAULTS = new EvaluationConfig(
            Compute.defaults(),
            GateRule.EVIDENCE,
            0.02,
            Map.of(),
            List.of(),
            EvidenceConfig.defaults(),
            Duration.ofSeconds(30),
            0.05,
            5);

    /** Examples of the smoke set. */
    public static final int SMOKE_EXAMPLES = 32;

    public EvaluationConfig {
        compute = compute == null ? DEFAULTS.compute : compute;
        gate = gate == null ? DEFAULTS.gate : gate;
        margin = margin == null ? DEFAULTS.margin : margin;
        margins = margins == null ? DEFAULTS.margins : Map.copyOf(margins);
        advisory = advisory == null ? DEFAULTS.advisory : List.copyOf(advisory);
        evidence = evidence == null ? DEFAULTS.evidence : evidence;
        smokeTimeout = smokeTimeout == null ? DEFAULTS.smokeTimeout : smokeTimeout;
        driftMargin = driftMargin == null ? DEFAULTS.driftMargin : driftMargin;
        keepModels = keepModels == null ? DEFAULTS.keepModels : keepModels;
        requireShare("margin", margin);
        margins.forEach((probeSet, share) -> requireShare("margins." + probeSet, share));
        requireShare("driftMargin", driftMargin);
        if (smokeTimeout.isNegative() || smokeTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "evaluation.smokeTimeout must be a positive duration, got " + smokeTimeout);
        }
        if (keepModels < 1) {
            throw new IllegalArgumentException("evaluation.keepModels must be at least 1, got " + keepModels);
        }
    }

    /** With the default gate. */
    public EvaluationConfig(
            Compute compute, Double margin, Map<String, Double> margins, Double driftMargin, Integer keepModels) {
        this(
                compute,
                DEFAULTS.gate,
                margin,
                margins,
                DEFAULTS.advisory,
                DEFAULTS.evidence,
                DEFAULTS.smokeTimeout,
                driftMargin,
                keepModels);
    }

    /** Every setting at its default. */
    public static EvaluationConfig defaults() {
        return DEFAULTS;
    }

    /** The same with another gate. */
    public EvaluationConfig withGate(GateRule rule, EvidenceConfig asked) {
        return new EvaluationConfig(
                compute, rule, margin, margins, advisory, asked, smokeTimeout, driftMargin, keepModels);
    }

    /** The configured margin of one probe set. */
    public double marginOf(String probeSet) {
        return margins.getOrDefault(probeSet, margin);
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("evaluation." + key + " must be in [0, 1], got " + value);
        }
    }
}
