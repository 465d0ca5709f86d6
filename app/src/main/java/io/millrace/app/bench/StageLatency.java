package io.millrace.app.bench;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Times from producing examples to a stage. Percentiles are of all examples: one that has not reached the stage took longer than any other.
 *
 * @param stage the stage
 * @param examples how many examples were followed
 * @param missing how many of them did not reach it
 * @param p50Seconds median; absent if half of them did not reach it
 * @param p99Seconds 99th percentile; absent if more than a hundredth did not reach it
 */
public record StageLatency(
        String stage, int examples, int missing, @Nullable Double p50Seconds, @Nullable Double p99Seconds) {

    /**
     * The latency of some examples.
     *
     * @param millis per example; {@link Reached#NEVER} for one that did not reach the stage
     */
    static StageLatency of(String stage, long[] millis) {
        long[] sorted = millis.clone();
        Arrays.sort(sorted);
        int missing = (int)
                Arrays.stream(sorted).filter(time -> time == Reached.NEVER).count();
        return new StageLatency(stage, sorted.length, missing, percentile(sorted, 50), percentile(sorted, 99));
    }

    /** The smallest time that is not below {@code percent} of them. */
    private static @Nullable Double percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return null;
        }
        long rank = (sorted.length * (long) percent + 99) / 100;
        long millis = sorted[(int) rank - 1];
        return millis == Reached.NEVER ? null : millis / 1e3;
    }
}
