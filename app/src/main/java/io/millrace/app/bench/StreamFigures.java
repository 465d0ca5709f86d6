package io.millrace.app.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run says of the streaming loop. The first steps are left out.
 *
 * @param updateMs a bare update, in milliseconds, median
 * @param testedMs an update with the test-then-train predictions before it, median
 * @param loopMs from the end of a step of the trainer service to the end of the next, with no checkpoint between, median
 * @param outsideMs of that, what is spent outside the learner: the mean, because only some steps wait for a poll
 * @param stallMs per checkpoint, by how much the step after it ended later than {@code loopMs} says
 * @param checkpointMs what a checkpoint costs: the time of all steps of the loop beyond {@code loopMs} each, per checkpoint
 */
public record StreamFigures(
        double updateMs, double testedMs, double loopMs, double outsideMs, List<Double> stallMs, double checkpointMs) {

    /**
     * A step of the loop.
     *
     * @param endMs when it ended
     * @param learnerMs how long the learner took
     */
    record LoopStep(double endMs, double learnerMs) {}

    public StreamFigures {
        stallMs = List.copyOf(stallMs);
        if (stallMs.isEmpty()) {
            throw new IllegalArgumentException("stallMs must have a checkpoint");
        }
    }

    /**
     * The figures of a run.
     *
     * @param updateMs times of bare updates
     * @param testedMs times of updates with predictions
     * @param steps of the loop
     * @param run how many are left out, and where the checkpoints are
     */
    static StreamFigures of(List<Double> updateMs, List<Double> testedMs, List<LoopStep> steps, StreamRun run) {
        List<Double> quiet = new ArrayList<>();
        List<Double> outside = new ArrayList<>();
        List<Double> afterCheckpoint = new ArrayList<>();
        // A checkpoint comes after the step whose number is a multiple; the gap at i leads from step i to the next.
        for (int i = run.bare().warmUp() + 1; i < steps.size(); i++) {
            double gap = steps.get(i).endMs() - steps.get(i - 1).endMs();
            if (i % run.checkpointEvery() == 0) {
                afterCheckpoint.add(gap);
            } else {
                quiet.add(gap);
                outside.add(gap - steps.get(i).learnerMs());
            }
        }
        double loop = Spread.median(quiet);
        double beyond = sum(quiet) + sum(afterCheckpoint) - loop * (quiet.size() + afterCheckpoint.size());
        return new StreamFigures(
                Spread.median(updateMs),
                Spread.median(testedMs),
                loop,
                sum(outside) / outside.size(),
                afterCheckpoint.stream().map(gap -> gap - loop).toList(),
                beyond / afterCheckpoint.size());
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
