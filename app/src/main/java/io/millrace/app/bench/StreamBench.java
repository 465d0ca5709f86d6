package io.millrace.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Measures what the streaming loop and its checkpoints add to bare updates. */
public final class StreamBench {

    private final Bench.Plan plan;
    private final int checkpointEvery;
    private final Function<StreamRun, List<String>> command;

    /**
     * The figures of a method in a number format: medians over the rounds, except of stalls, which are taken together.
     *
     * @param method the method
     * @param precision f32 or bf16
     * @param updateMs a bare update, in milliseconds
     * @param predictionMs what the test-then-train predictions add to it; they are part of the product, not of the loop
     * @param loopMs a step of the loop without a checkpoint
     * @param loopAddsMs of that, what is spent outside the learner
     * @param overheadPercent the same as a share of the bare update
     * @param checkpointEvery steps between two checkpoints
     * @param checkpoints how many were measured
     * @param stallMs how much later than usual the step after a checkpoint ends
     * @param stallMsMax the same, the longest
     * @param stallSteps the median stall in steps of the loop
     * @param stallStepsMax the longest stall in steps of the loop
     * @param checkpointMs what a checkpoint costs in all, slower steps while it is written included
     */
    public record Row(
            String method,
            String precision,
            Spread updateMs,
            double predictionMs,
            double loopMs,
            double loopAddsMs,
            double overheadPercent,
            int checkpointEvery,
            int checkpoints,
            double stallMs,
            double stallMsMax,
            double stallSteps,
            double stallStepsMax,
            double checkpointMs) {}

    /**
     * A bench.
     *
     * @param plan what to measure
     * @param checkpointEvery steps between two checkpoints
     */
    public StreamBench(Bench.Plan plan, int checkpointEvery) {
        this(
                plan,
                checkpointEvery,
                run -> RunProcess.java(LoopRun.class, run.bare().size().threads(), run));
    }

    StreamBench(Bench.Plan plan, int checkpointEvery, Function<StreamRun, List<String>> command) {
        this.plan = plan;
        this.checkpointEvery = checkpointEvery;
        this.command = command;
    }

    /**
     * Measures everything.
     *
     * @param progress is told what is measured next
     * @return a row per method and number format
     * @throws IllegalArgumentException if the stream is too short, or has a bad line
     * @throws IllegalStateException if a run fails
     */
    public List<Row> run(Consumer<String> progress) throws IOException, InterruptedException {
        plan.check();
        List<Row> rows = new ArrayList<>();
        for (BenchRun bare : plan.runs()) {
            StreamRun run = new StreamRun(bare, checkpointEvery);
            List<StreamFigures> rounds = new ArrayList<>();
            for (int round = 1; round <= plan.rounds(); round++) {
                progress.accept(run + ", round " + round + " of " + plan.rounds());
                rounds.add(RunProcess.figures(run.toString(), command.apply(run), StreamFigures.class));
            }
            rows.add(row(run, rounds));
        }
        return rows;
    }

    private static Row row(StreamRun run, List<StreamFigures> rounds) {
        double loop = median(rounds, StreamFigures::loopMs);
        double adds = median(rounds, StreamFigures::outsideMs);
        Spread stalls = Spread.of(
                rounds.stream().flatMap(figures -> figures.stallMs().stream()).toList());
        return new Row(
                run.bare().method().label(),
                BenchRun.word(run.bare().precision()),
                Spread.of(rounds.stream().map(StreamFigures::updateMs).toList()),
                median(rounds, figures -> figures.testedMs() - figures.updateMs()),
                loop,
                adds,
                100 * adds / median(rounds, StreamFigures::updateMs),
                run.checkpointEvery(),
                rounds.stream().mapToInt(figures -> figures.stallMs().size()).sum(),
                stalls.median(),
                stalls.largest(),
                stalls.median() / loop,
                stalls.largest() / loop,
                median(rounds, StreamFigures::checkpointMs));
    }

    private static double median(List<StreamFigures> rounds, ToDoubleFunction<StreamFigures> figure) {
        return Spread.median(rounds.stream().map(figure::applyAsDouble).toList());
    }
}
