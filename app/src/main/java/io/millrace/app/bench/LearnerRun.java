package io.millrace.app.bench;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MatrixSpeed;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepClock.Part;
import io.millrace.trainer.learner.StepTimes;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A run of the learner, without the test before each step, in a process of its own: its peak memory is that of the run alone. Prints {@link
 * RunFigures} as one line of JSON.
 */
public final class LearnerRun {

    /** The learner alone writes none. */
    private static final int NO_CHECKPOINTS = Integer.MAX_VALUE;

    private final BenchRun run;

    private LearnerRun(BenchRun run) {
        this.run = run;
    }

    /**
     * Runs once.
     *
     * @param arguments a {@link BenchRun} as JSON
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try {
            out.println(Json.write(new LearnerRun(Json.mapper().readValue(arguments[0], BenchRun.class)).figures()));
        } catch (IOException | RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            System.exit(1);
        }
    }

    private RunFigures figures() throws IOException {
        List<LabelledExample> stream = StreamStart.read(run.stream(), run.size().examples());
        TrainedTask task = BenchTask.of(run, stream, NO_CHECKPOINTS);
        int warmUp = run.warmUp();
        List<Double> stepMs = new ArrayList<>();
        Map<Part, List<Double>> partMs = new EnumMap<>(Part.class);
        long tokens = 0;
        long checkpointBytes;
        StepTimes times = new StepTimes(System::nanoTime);
        try (Learner learner = Learner.start(task)) {
            learner.measure(times);
            for (int step = 0; step < run.size().steps(); step++) {
                List<LabelledExample> batch = batch(stream, step);
                times.start();
                int trained = learner.train(batch, List.of()).batch().tokens();
                times.lap(Part.OTHER);
                if (step >= warmUp) {
                    Map<Part, Long> nanos = times.nanos();
                    stepMs.add(
                            nanos.values().stream().mapToLong(Long::longValue).sum() / 1e6);
                    nanos.forEach((part, time) -> partMs.computeIfAbsent(part, none -> new ArrayList<>())
                            .add(time / 1e6));
                    tokens += trained;
                }
            }
            checkpointBytes = checkpointBytes(learner);
        }
        // Before the products of matrices, which need memory of their own.
        Long peak = ResidentMemory.peakMiB();
        Map<String, Double> medians = new LinkedHashMap<>();
        partMs.forEach((part, values) -> medians.put(part.word(), Spread.median(values)));
        return new RunFigures(
                Spread.median(stepMs),
                tokens / (stepMs.stream().mapToDouble(Double::doubleValue).sum() / 1e3),
                peak,
                stepGflop(task, stream),
                MatrixSpeed.gflops(run.precision()),
                medians,
                checkpointBytes);
    }

    /** Of a checkpoint's own files; weights that stay as they are lie beside it, once for all checkpoints. */
    private static long checkpointBytes(Learner learner) throws IOException {
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            Path checkpoint = Files.createDirectory(scratch.resolve("checkpoint"));
            learner.save(checkpoint);
            try (Stream<Path> files = Files.list(checkpoint)) {
                return files.mapToLong(file -> file.toFile().length()).sum();
            }
        } finally {
            DirectoryTree.delete(scratch);
        }
    }

    private List<LabelledExample> batch(List<LabelledExample> stream, int step) {
        int batch = run.size().batch();
        return stream.subList(step * batch, (step + 1) * batch);
    }

    /** The mean over the measured steps. */
    private double stepGflop(TrainedTask task, List<LabelledExample> stream) {
        StepWork work = new StepWork(
                EncoderConfig.read(run.encoder()),
                task.task().labels().size(),
                task.training().tuning());
        double sum = 0;
        int steps = run.size().steps();
        try (TextTokenizer tokenizer =
                EncoderCheckpoint.read(run.encoder()).openTokenizer(run.size().maxTokens())) {
            for (int step = run.warmUp(); step < steps; step++) {
                List<TextInput> texts = batch(stream, step).stream()
                        .map(example -> new TextInput(example.text(), example.textPair()))
                        .toList();
                List<Integer> lengths = tokenizer.tokenize(texts).stream()
                        .map(text -> text.ids().length)
                        .toList();
                sum += work.gflop(task.training().objective(), lengths);
            }
        }
        return sum / (steps - run.warmUp());
    }
}
