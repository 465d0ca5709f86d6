package io.millrace.evaluator.between;

import java.util.List;

/** The scores of two models on samples of the same examples. */
sealed interface ResampledScores permits ResampledLabels, ResampledNumbers {

    /** Names of the scores. */
    List<String> names();

    /**
     * Differences of the scores, the second model less the first, in the order of {@link #names}.
     *
     * @param times how often each example is in the sample
     */
    double[] differences(int[] times);
}
