package io.millrace.evaluator.score;

import java.util.List;

/**
 * The mean surprise at the right label, in nats: {@code -(1/n) sum_i ln max(p_i, floor)}, where {@code p_i} is the
 * model's probability of the right label of example i and the floor is {@value #PROBABILITY_FLOOR}. The floor bounds
 * what one example can cost at 27.6 nats, also where the model does not know the label at all.
 */
public final class NegativeLogLikelihood {

    /** Probabilities below this count as this. */
    public static final double PROBABILITY_FLOOR = 1e-12;

    private NegativeLogLikelihood() {}

    /** The mean over at least one example. */
    public static double of(List<ScoredExample> examples) {
        double sum = 0;
        for (ScoredExample example : examples) {
            sum -= Math.log(Math.max(example.labelProbability(), PROBABILITY_FLOOR));
        }
        return sum / examples.size();
    }
}
