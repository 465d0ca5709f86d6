package io.millrace.compare;

import io.millrace.compare.TrainableModel.MiniBatchResult;
import io.millrace.compare.result.Measure;
import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult.Cost;
import io.millrace.compare.result.RunResult.Evaluation;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.Median;
import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Trains a model on the stream once, in order.
 *
 * @param stream the examples
 * @param probeSets what the model is scored on
 * @param evaluations how often it is scored: equally spaced, the last time at the end
 */
record StreamRun(List<LabelledExample> stream, List<ComparedProbeSet> probeSets, int evaluations) {

    private static final double NANOS = 1e9;

    StreamResult run(TrainableModel model, int batchSize) {
        long started = System.nanoTime();
        Set<Long> due = evaluationSteps((stream.size() + batchSize - 1) / batchSize);
        List<Evaluation> done = new ArrayList<>();
        List<Double> stepSeconds = new ArrayList<>();
        long right = 0;
        long notApplied = 0;
        for (int first = 0; first < stream.size(); first += batchSize) {
            int next = Math.min(first + batchSize, stream.size());
            long stepStarted = System.nanoTime();
            MiniBatchResult result = model.learn(stream.subList(first, next));
            stepSeconds.add(secondsSince(stepStarted));
            right += result.right();
            notApplied += result.applied() ? 0 : 1;
            long step = stepSeconds.size();
            if (due.contains(step)) {
                List<Score> scores = new ArrayList<>(ProbeScores.of(probeSets, model));
                scores.add(new Score(Results.TEST_THEN_TRAIN, Measure.ACCURACY, right / (double) next));
                done.add(new Evaluation(step, next, scores));
            }
        }
        double median = Median.of(stepSeconds);
        return new StreamResult(done, new Cost(median, median / batchSize, notApplied, secondsSince(started)));
    }

    /** The steps after which the model is scored; every step if there are fewer steps than evaluations. */
    Set<Long> evaluationSteps(long steps) {
        return LongStream.rangeClosed(1, evaluations)
                .map(evaluation -> (evaluation * steps + evaluations - 1) / evaluations)
                .boxed()
                .collect(Collectors.toSet());
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS;
    }

    /**
     * The result of a run.
     *
     * @param evaluations the scores along the stream
     * @param cost the time it took
     */
    record StreamResult(List<Evaluation> evaluations, Cost cost) {}
}
