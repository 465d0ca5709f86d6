package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The numbers that a verdict follows from: the gate is a function of these and nothing else, so that anybody can derive the
 * verdict again.
 *
 * @param rule the gate's rule
 * @param alpha the chance of a false {@code improved} per champion, and the level of the tests on probe sets
 * @param announcedAt when the checkpoint was announced, by the timestamp of its record
 * @param fresh the comparison on fresh examples; absent without a champion that can be asked, if it is overdue, and if there are no examples
 * @param probes the comparison per probe set, in the order of the verdict's scores
 * @param champion how old the champion is, and whether it can be asked; absent without one
 * @param smokeMillis how long the checkpoint took to answer the smoke set, in milliseconds
 */
public record GateEvidence(
        GateRule rule,
        double alpha,
        Instant announcedAt,
        @Nullable FreshComparison fresh,
        List<ProbeComparison> probes,
        @Nullable Champion champion,
        long smokeMillis) {

    public GateEvidence {
        Required.field("GateEvidence.rule", rule);
        Required.finite("GateEvidence.alpha", alpha);
        Required.field("GateEvidence.announcedAt", announcedAt);
        probes = Required.list("GateEvidence.probes", probes);
    }

    /**
     * A checkpoint on one probe set, beside the champion and the best promoted score. The verdict's scores have the number
     * of examples and the accuracies.
     *
     * @param probeSet name of the probe set
     * @param required whether it can keep the checkpoint from being promoted
     * @param margin loss of accuracy that it tolerates: the configured margin, or what its size can hold if that is more
     * @param gained examples that the checkpoint answered right and the champion wrong; absent if the champion was not asked
     * @param lost examples that the checkpoint answered wrong and the champion right; absent if the champion was not asked
     * @param best the best score of a promoted model on this version; absent if there is none
     */
    public record ProbeComparison(
            String probeSet,
            boolean required,
            double margin,
            @Nullable Integer gained,
            @Nullable Integer lost,
            @Nullable BestScore best) {

        public ProbeComparison {
            Required.field("GateEvidence.probes.probeSet", probeSet);
            Required.finite("GateEvidence.probes.margin", margin);
        }
    }

    /**
     * The best score of a promoted model on one version of a probe set.
     *
     * @param checkpoint id of the checkpoint
     * @param accuracy its accuracy
     */
    public record BestScore(String checkpoint, double accuracy) {

        public BestScore {
            Required.field("GateEvidence.best.checkpoint", checkpoint);
            Required.finite("GateEvidence.best.accuracy", accuracy);
        }
    }

    /**
     * The champion, and from when on a checkpoint that is not worse replaces it without further evidence.
     *
     * @param checkpoint id of its checkpoint
     * @param usable false if its files are gone or broken, so that it could not be asked
     * @param seconds from its announcement to this one's; 0 if the clock was set back in between, absent if unknown
     * @param maxSeconds old enough by time
     * @param examples examples trained since
     * @param maxExamples old enough by examples
     */
    public record Champion(
            String checkpoint,
            boolean usable,
            @Nullable Long seconds,
            long maxSeconds,
            long examples,
            long maxExamples) {

        public Champion {
            Required.field("GateEvidence.champion.checkpoint", checkpoint);
        }

        /** How many times as old a champion must be to be replaced without a comparison with it. */
        public static final int OVERDUE = 4;

        /** Whether it is old enough, by either measure. */
        @JsonIgnore
        public boolean isOld() {
            return isOlder(1);
        }

        /** Whether it is {@value #OVERDUE} times as old: its scores on small probe sets may owe more to luck than to skill. */
        @JsonIgnore
        public boolean isOverdue() {
            return isOlder(OVERDUE);
        }

        private boolean isOlder(int times) {
            return examples / times >= maxExamples || (seconds != null && seconds / times >= maxSeconds);
        }
    }
}
