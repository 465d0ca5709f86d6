package io.millrace.trainer.benchmark;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Speed of the learner over a stream read from a file: the step alone, without test-then-train predictions, so that it can be set
 * beside any other training loop. {@code benchmarks/training.sh} runs it. Prints one JSON object.
 */
public final class TrainingBenchmark {

    private TrainingBenchmark() {}

    /**
     * Runs one measurement.
     *
     * @param arguments encoder directory, stream file, method, f32 or bf16, batch size, longest example in tokens, steps (0 for the
     *     whole stream), threads, and any number of NAME=FILE to report accuracy on afterwards
     */
    public static void main(String[] arguments) throws IOException {
        int batchSize = Integer.parseInt(arguments[4]);
        System.setProperty("ai.djl.pytorch.num_threads", arguments[7]);
        List<LabelledExample> stream = read(Path.of(arguments[1]));
        int steps = Integer.parseInt(arguments[6]);
        steps = steps == 0 ? stream.size() / batchSize : steps;
        List<String> labels =
                stream.stream().map(LabelledExample::label).distinct().sorted().toList();
        TrainedTask task = new TrainedTask(
                new Task("benchmark", TaskKind.SINGLE, labels, 100_000),
                TrainingConfigs.plain(Path.of(arguments[0]))
                        .withCompute(
                                new Compute("cpu", Precision.valueOf(arguments[3].toUpperCase(java.util.Locale.ROOT))))
                        .withMethod(Method.of(arguments[2]))
                        .withOptimizer(new OptimizerConfig(6e-4, null, null, null, null, null, null))
                        .withBatching(new BatchingConfig(batchSize, Integer.parseInt(arguments[5]), null, null))
                        .build());
        try (Learner learner = Learner.start(task)) {
            double[] seconds = new double[steps];
            long[] tokens = new long[steps];
            double loss = 0;
            for (int i = 0; i < steps; i++) {
                List<LabelledExample> examples = stream.subList(i * batchSize, (i + 1) * batchSize);
                long start = System.nanoTime();
                StepResult result = learner.train(examples, List.of());
                seconds[i] = (System.nanoTime() - start) / 1e9;
                loss = result.totalLoss();
                tokens[i] = result.batch().tokens();
            }
            Map<String, Object> report = report(arguments, batchSize, seconds, tokens, loss);
            for (String probe : List.of(arguments).subList(8, arguments.length)) {
                String[] nameAndFile = probe.split("=", 2);
                report.put(nameAndFile[0], accuracy(learner, read(Path.of(nameAndFile[1]))));
            }
            System.out.println(Json.write(report));
        }
    }

    private static Map<String, Object> report(
            String[] arguments, int batchSize, double[] seconds, long[] tokens, double loss) throws IOException {
        int warm = Math.min(10, seconds.length / 4);
        double[] measured = Arrays.copyOfRange(seconds, warm, seconds.length);
        double total = Arrays.stream(measured).sum();
        Arrays.sort(measured);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("method", arguments[2]);
        report.put("precision", arguments[3]);
        report.put("steps", seconds.length);
        report.put("examplesPerSecond", Math.round(batchSize * measured.length / total));
        report.put(
                "tokensPerSecond", Math.round(Arrays.stream(tokens).skip(warm).sum() / total));
        report.put("stepMsMedian", measured[measured.length / 2] * 1e3);
        report.put("stepMsP90", measured[(int) (0.9 * measured.length)] * 1e3);
        report.put("peakRssMiB", peakRssMiB());
        report.put("lastLoss", loss);
        return report;
    }

    private static double accuracy(Learner learner, List<LabelledExample> probe) {
        float[][] probabilities = learner.outputs(probe.stream()
                .map(example -> new TextInput(example.text(), example.textPair()))
                .toList());
        int right = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int label = learner.labels().indexOf(probe.get(i).label());
            int best = 0;
            for (int other = 1; other < probabilities[i].length; other++) {
                best = probabilities[i][other] > probabilities[i][best] ? other : best;
            }
            right += best == label ? 1 : 0;
        }
        return right / (double) probe.size();
    }

    private static long peakRssMiB() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    private static List<LabelledExample> read(Path file) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                examples.add(Json.mapper().readValue(line, LabelledExample.class));
            }
        }
        return examples;
    }
}
