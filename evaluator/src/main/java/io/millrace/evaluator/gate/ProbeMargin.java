package io.millrace.evaluator.gate;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.ProbeSetReference;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The loss of accuracy that the gate tolerates on a probe set. It is known as soon as the probe sets are loaded. */
public final class ProbeMargin {

    private ProbeMargin() {}

    /**
     * The margin of one probe set: the configured one or, by the rule {@code evidence}, what its size can rule out if that is
     * more, see {@link PairedTest#resolution}.
     *
     * @param config the task's configuration
     * @param probeSet the probe set
     * @param required how many probe sets of the task are required
     */
    public static double of(EvaluationConfig config, ProbeSetReference probeSet, int required) {
        double configured = config.marginOf(probeSet.name());
        return config.gate() == GateRule.MARGIN
                ? configured
                : Math.max(configured, resolution(config.evidence(), probeSet.examples(), required));
    }

    /**
     * How far an equally good model may be above a score by chance, at confidence {@code 1 - alpha}:
     * {@code z_alpha sqrt(churn / n)}; 0 by the rule {@code margin}.
     */
    public static double chance(EvaluationConfig config, ProbeSetReference probeSet) {
        EvidenceConfig evidence = config.evidence();
        return config.gate() == GateRule.MARGIN
                ? 0
                : PairedTest.quantile(evidence.alpha()) * Math.sqrt(evidence.churn() / probeSet.examples());
    }

    /** A sentence if the probe set is too small for its configured margin; empty if it is not. */
    public static Optional<String> shortfall(EvaluationConfig config, ProbeSetReference probeSet, int required) {
        double holds = of(config, probeSet, required);
        double configured = config.marginOf(probeSet.name());
        if (holds <= configured) {
            return Optional.empty();
        }
        int needed = examplesFor(config, probeSet.name(), required);
        return Optional.of(String.format(
                Locale.ROOT,
                "probe set %s has %,d examples and can rule out a loss of %.3f, not the margin %.3f%s",
                probeSet.name(),
                probeSet.examples(),
                holds,
                configured,
                needed == Integer.MAX_VALUE ? "" : String.format(Locale.ROOT, ", which needs %,d", needed)));
    }

    /** How many examples a probe set needs to hold its configured margin; {@link Integer#MAX_VALUE} for a margin of 0. */
    static int examplesFor(EvaluationConfig config, String probeSet, int required) {
        double ofOne = resolution(config.evidence(), 1, required);
        double ratio = ofOne / config.marginOf(probeSet);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(ratio * ratio));
    }

    /** How many of these probe sets are required; at least 1, as it divides. */
    public static int required(EvaluationConfig config, Collection<ProbeSetReference> probeSets) {
        long required = probeSets.stream()
                .filter(set -> !config.advisory().contains(set.name()))
                .count();
        return (int) Math.max(1, required);
    }

    private static double resolution(EvidenceConfig evidence, int examples, int required) {
        return PairedTest.resolution(examples, evidence.churn(), evidence.alpha(), evidence.power(), required);
    }
}
