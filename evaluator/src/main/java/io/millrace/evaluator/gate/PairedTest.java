package io.millrace.evaluator.gate;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Two models on the same examples: {@code gained} are those that only the new one answers right, {@code lost} those that only
 * the old one does, of {@code examples}. Difference {@code D = (gained - lost) / n}, churn {@code d = (gained + lost) / n}.
 *
 * @param gained examples that only the new model answers right
 * @param lost examples that only the old model answers right
 * @param examples all examples, at least 1
 */
public record PairedTest(int gained, int lost, int examples) {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    public PairedTest {
        if (gained < 0 || lost < 0 || examples < 1 || (long) gained + lost > examples) {
            throw new IllegalArgumentException(
                    "expected gained + lost <= examples, got " + gained + ", " + lost + " and " + examples);
        }
    }

    /** {@code D}, the difference of the accuracies. */
    public double difference() {
        return (gained - lost) / (double) examples;
    }

    /** {@code d}, the share of examples on which only one of the two is right. */
    public double churn() {
        return (gained + lost) / (double) examples;
    }

    /**
     * Whether a loss of {@code margin} or more is ruled out: {@code D - z sqrt((d - D^2) / n) > -margin} with z the
     * {@code 1 - alpha} quantile of the normal distribution, or not a single answer changed for the better or the worse.
     */
    public boolean isNotInferior(double margin, double alpha) {
        return gained + lost == 0 || lowerBound(alpha) > -margin;
    }

    /** The lower end of the one-sided interval for the difference, at confidence {@code 1 - alpha}. */
    public double lowerBound(double alpha) {
        double variance = (churn() - difference() * difference()) / examples;
        return difference() - quantile(alpha) * Math.sqrt(Math.max(0, variance));
    }

    /**
     * Exact McNemar test, one-sided: {@code P[Bin(gained + lost, 1/2) <= gained]}, the chance of gains as few as these if the
     * two models are equally good. 1 if no answer changed.
     */
    public double worseProbability() {
        return gained + lost == 0
                ? 1
                : BinomialDistribution.of(gained + lost, 0.5).cumulativeProbability(gained);
    }

    /**
     * The smallest loss that a probe set can rule out: {@code (z_alpha + z_beta) sqrt(churn / n)} with
     * {@code beta = (1 - power) / comparisons}, so that an equally good model passes all comparisons with probability
     * {@code power} at least.
     */
    public static double resolution(int examples, double churn, double alpha, double power, int comparisons) {
        return (quantile(alpha) + quantile((1 - power) / comparisons)) * Math.sqrt(churn / examples);
    }

    /** The point of the normal distribution above which {@code tail} of it is. */
    static double quantile(double tail) {
        return NORMAL.inverseSurvivalProbability(tail);
    }
}
