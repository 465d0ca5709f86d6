package io.millrace.evaluator.config;

import io.millrace.schemas.store.FreshExamples;

import java.time.Duration;

/**
 * How much evidence the gate asks for.
 *
 * @param alpha chance that a checkpoint is falsely found {@code improved}, per champion; also the level of the tests on probe
 *     sets; default 0.05
 * @param power chance that an equally good checkpoint passes all required probe sets, if its churn is {@code churn}; default 0.8
 * @param churn assumed share of answers that differ between a checkpoint and the champion; decides which loss a probe set of a
 *     given size can rule out; default 0.1
 * @param maxAge a champion older than this is replaced by a checkpoint that is not worse; default 1 hour
 * @param maxExamples the same once this many examples were trained since; default 20,000
 * @param freshExamples newest examples per checkpoint that the champion is asked, at most {@value FreshExamples#MAX};
 *     0 for none; default {@value FreshExamples#MAX}
 */
public record EvidenceConfig(
        Double alpha, Double power, Double churn, Duration maxAge, Long maxExamples, Integer freshExamples) {

    private static final EvidenceConfig DEFAULTS =
            new EvidenceConfig(0.05, 0.8, 0.1, Duration.ofHours(1), 20_000L, FreshExamples.MAX);

    public EvidenceConfig {
        alpha = alpha == null ? DEFAULTS.alpha : alpha;
        power = power == null ? DEFAULTS.power : power;
        churn = churn == null ? DEFAULTS.churn : churn;
        maxAge = maxAge == null ? DEFAULTS.maxAge : maxAge;
        maxExamples = maxExamples == null ? DEFAULTS.maxExamples : maxExamples;
        freshExamples = freshExamples == null ? DEFAULTS.freshExamples : freshExamples;
        requireInside("alpha", alpha);
        requireInside("power", power);
        requireInside("churn", churn);
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("evaluation.evidence.maxAge must not be negative, got " + maxAge);
        }
        if (maxExamples < 0) {
            throw new IllegalArgumentException(
                    "evaluation.evidence.maxExamples must be at least 0, got " + maxExamples);
        }
        if (freshExamples < 0 || freshExamples > FreshExamples.MAX) {
            throw new IllegalArgumentException("evaluation.evidence.freshExamples must be in [0, " + FreshExamples.MAX
                    + "], got " + freshExamples);
        }
    }

    /** Every setting at its default. */
    public static EvidenceConfig defaults() {
        return DEFAULTS;
    }

    private static void requireInside(String key, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "evaluation.evidence." + key + " must be above 0 and below 1, got " + value);
        }
    }
}
