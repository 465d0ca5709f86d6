package io.millrace.app.bench;

import io.millrace.compare.MethodChoice;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Measures methods and number formats. Ours and the peer take turns in every round, so both meet the same machine. */
public final class Bench {

    private final Plan plan;
    private final TrainingLoop ours;
    private final Optional<Peer> peer;

    /**
     * What to measure.
     *
     * @param encoder directory of the encoder
     * @param stream file of labelled examples
     * @param methods the methods
     * @param precisions the number formats
     * @param size of each run
     * @param rounds how often each run is repeated
     */
    public record Plan(
            Path encoder,
            Path stream,
            List<MethodChoice> methods,
            List<Precision> precisions,
            BenchRun.Size size,
            int rounds) {

        /** The runs of one round, in their order. */
        List<BenchRun> runs() {
            return methods.stream()
                    .flatMap(method -> precisions.stream()
                            .map(precision -> new BenchRun(encoder, stream, method, precision, size)))
                    .toList();
        }

        /**
         * Finds out whether a method is one.
         *
         * @throws io.millrace.schemas.config.ConfigException if its settings are none
         */
        public void check(MethodChoice method) {
            BenchTask.training(new BenchRun(encoder, stream, method, precisions.get(0), size), 1);
        }

        /** Finds out before the first run whether each can be made: whether the encoder, the settings and the stream are good. */
        void check() throws IOException {
            EncoderCheckpoint start = EncoderCheckpoint.read(encoder);
            runs().forEach(run -> start.requireTuning(BenchTask.training(run, 1).tuning()));
            StreamStart.read(stream, size.examples());
        }
    }

    /**
     * Another training loop.
     *
     * @param command the words that start it
     * @param methods labels of those that it has
     */
    public record Peer(List<String> command, Set<String> methods) {}

    /**
     * The figures of a method in a number format.
     *
     * @param method the method
     * @param precision f32 or bf16
     * @param ours the learner of this build
     * @param peer the peer; absent without one
     * @param ratio the peer's time of a step divided by ours, round by round; absent without a peer
     * @param stepGflop operations of a step, in billions
     * @param ceilingGflops speed of the machine at large products of matrices, in billions of operations per second
     * @param ceilingShare share of that speed that a step reaches
     * @param partMs the learner's time per part of a step, in milliseconds
     * @param checkpointMiB size of one of the learner's checkpoints, without weights that are stored once for all of them
     */
    public record Row(
            String method,
            String precision,
            Side ours,
            @Nullable Side peer,
            @Nullable Spread ratio,
            double stepGflop,
            double ceilingGflops,
            double ceilingShare,
            Map<String, Double> partMs,
            double checkpointMiB) {}

    /**
     * The figures of one training loop: medians over the rounds.
     *
     * @param stepMs time of a step, in milliseconds
     * @param tokensPerSecond tokens trained on per second; absent if it does not say
     * @param peakMiB peak memory of its process; absent if it does not say
     */
    public record Side(Spread stepMs, @Nullable Double tokensPerSecond, @Nullable Long peakMiB) {

        private static Side of(List<RunFigures> runs) {
            return new Side(
                    Spread.of(each(runs, RunFigures::stepMsMedian)),
                    median(runs.stream().map(RunFigures::tokensPerSecond).toList()),
                    Optional.ofNullable(median(runs.stream()
                                    .map(RunFigures::peakRssMiB)
                                    .map(peak -> peak == null ? null : peak.doubleValue())
                                    .toList()))
                            .map(Math::round)
                            .orElse(null));
        }

        private static @Nullable Double median(List<@Nullable Double> values) {
            List<Double> present = values.stream().filter(Objects::nonNull).toList();
            return present.isEmpty() ? null : Spread.median(present);
        }
    }

    /** A bench of the learner, beside the peer if there is one. */
    public Bench(Plan plan, Optional<Peer> peer) {
        this(plan, peer, TrainingLoop.ours());
    }

    Bench(Plan plan, Optional<Peer> peer, TrainingLoop ours) {
        this.plan = plan;
        this.peer = peer;
        this.ours = ours;
    }

    /**
     * Measures everything.
     *
     * @param progress is told what is measured next
     * @return a row per method and number format
     * @throws UnusableCheckpointException if the encoder cannot be trained
     * @throws io.millrace.schemas.config.ConfigException if a method is none
     * @throws IllegalArgumentException if the stream is too short, or has a bad line
     * @throws IllegalStateException if a run fails
     */
    public List<Row> run(Consumer<String> progress) throws IOException, InterruptedException {
        plan.check();
        List<Row> rows = new ArrayList<>();
        for (BenchRun run : plan.runs()) {
            rows.add(measure(run, progress));
        }
        return rows;
    }

    private Row measure(BenchRun run, Consumer<String> progress) throws IOException, InterruptedException {
        Optional<TrainingLoop> other = peer.filter(
                        loop -> loop.methods().contains(run.method().label()))
                .map(loop -> TrainingLoop.peer(loop.command()));
        List<RunFigures> mine = new ArrayList<>();
        List<RunFigures> theirs = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            String place = run + ", round " + round + " of " + plan.rounds();
            progress.accept(place + ": ours");
            mine.add(ours.run(run));
            if (other.isPresent()) {
                progress.accept(place + ": the peer");
                theirs.add(other.get().run(run));
            }
        }
        return row(run, mine, theirs);
    }

    private static Row row(BenchRun run, List<RunFigures> mine, List<RunFigures> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < theirs.size(); i++) {
            ratios.add(theirs.get(i).stepMsMedian() / mine.get(i).stepMsMedian());
        }
        double gflop = Spread.median(each(mine, figures -> Objects.requireNonNull(figures.stepGflop())));
        double ceiling = Spread.median(each(mine, figures -> Objects.requireNonNull(figures.ceilingGflops())));
        Side side = Side.of(mine);
        return new Row(
                run.method().label(),
                BenchRun.word(run.precision()),
                side,
                theirs.isEmpty() ? null : Side.of(theirs),
                ratios.isEmpty() ? null : Spread.of(ratios),
                gflop,
                ceiling,
                gflop / (side.stepMs().median() / 1e3) / ceiling,
                parts(mine),
                Spread.median(each(mine, figures -> Objects.requireNonNull(figures.checkpointBytes()))) / (1 << 20));
    }

    private static Map<String, Double> parts(List<RunFigures> mine) {
        Map<String, List<Double>> byPart = new LinkedHashMap<>();
        mine.forEach(figures -> Objects.requireNonNull(figures.partMs())
                .forEach((part, ms) ->
                        byPart.computeIfAbsent(part, none -> new ArrayList<>()).add(ms)));
        Map<String, Double> medians = new LinkedHashMap<>();
        byPart.forEach((part, values) -> medians.put(part, Spread.median(values)));
        return medians;
    }

    private static List<Double> each(List<RunFigures> runs, ToDoubleFunction<RunFigures> figure) {
        return runs.stream().map(figure::applyAsDouble).toList();
    }
}
