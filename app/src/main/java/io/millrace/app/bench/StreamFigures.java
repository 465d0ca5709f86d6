package io.millrace.app.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run says of the streaming loop. Times of steps are medians, without the first steps.
 *
 * @param updateMs a bare update, in milliseconds
 * @param testedMs an update with the test-then-train predictions before it
 * @param loopMs from the end of a step of the trainer service to the end of the next, with no checkpoint between
 * @param stallMs per checkpoint, by how much the step after it ended later than {@code loopMs} says
 * @param checkpointMs what a checkpoint costs: the time of all steps of the loop beyond {@code loopMs} each, per checkpoint
 */
public record StreamFigures(
        double updateMs, double testedMs, double loopMs, List<Double> stallMs, double checkpointMs) {

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
     * @param endsMs when each step of the loop ended
     * @param run how many are left out, and where the checkpoints are
     */
    static StreamFigures of(List<Double> updateMs, List<Double> testedMs, List<Double> endsMs, StreamRun run) {
        List<Double> quiet = new ArrayList<>();
        List<Double> afterCheckpoint = new ArrayList<>();
        double sum = 0;
        // A checkpoint comes after the step whose number is a multiple; the gap at i leads from step i to the next.
        for (int i = run.bare().warmUp() + 1; i < endsMs.size(); i++) {
            double gap = endsMs.get(i) - endsMs.get(i - 1);
            (i % run.checkpointEvery() == 0 ? afterCheckpoint : quiet).add(gap);
            sum += gap;
        }
        double loop = Spread.median(quiet);
        return new StreamFigures(
                Spread.median(updateMs),
                Spread.median(testedMs),
                loop,
                afterCheckpoint.stream().map(gap -> gap - loop).toList(),
                (sum - loop * (quiet.size() + afterCheckpoint.size())) / afterCheckpoint.size());
    }
}
