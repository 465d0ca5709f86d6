package io.millrace.app.bench;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What a training loop says of one run. A peer prints it as one line of JSON, the last of its output that begins with a brace; only the
 * first key is required.
 *
 * @param stepMsMedian median time of a step, in milliseconds, without the first steps
 * @param tokensPerSecond tokens trained on per second, padding excluded
 * @param peakRssMiB peak of the process's resident memory
 * @param stepGflop floating point operations of a step, in billions, by {@link StepWork}; a peer leaves it out
 * @param ceilingGflops speed of the machine at large products of matrices; a peer leaves it out
 * @param partMs median time of each part of a step, in milliseconds; a peer leaves it out
 * @param checkpointBytes size of a checkpoint; a peer leaves it out
 */
public record RunFigures(
        double stepMsMedian,
        @Nullable Double tokensPerSecond,
        @Nullable Long peakRssMiB,
        @Nullable Double stepGflop,
        @Nullable Double ceilingGflops,
        @Nullable Map<String, Double> partMs,
        @Nullable Long checkpointBytes) {

    public RunFigures {
        if (!(stepMsMedian > 0 && Double.isFinite(stepMsMedian))) {
            throw new IllegalArgumentException("stepMsMedian must be a finite number above 0, got " + stepMsMedian);
        }
    }
}
