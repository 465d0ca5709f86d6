package io.millrace.evaluator.score;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;

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
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * Speed of scoring a checkpoint on a probe set read from a file, beside any other loop. {@code benchmarks/evaluation.sh} runs
 * it. Prints one JSON object; all times are medians over the repeats in milliseconds.
 */
public final class EvaluationBenchmark {

    private static final int MAX_TOKENS = 64;

    private EvaluationBenchmark() {}

    /**
     * Runs one measurement.
     *
     * @param arguments encoder directory, probe file, f32 or bf16, repeats, threads, and the directory to write the scored model
     *     to, a Hugging Face one with a head for the labels of the probes
     */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.pytorch.num_threads", arguments[4]);
        ProbeSet probeSet = ProbeSet.of("probes", Distribution.IN_DISTRIBUTION, read(Path.of(arguments[1])));
        int repeats = Integer.parseInt(arguments[3]);
        Compute compute = new Compute("cpu", Precision.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Path model = Path.of(arguments[5]);
        write(Path.of(arguments[0]), model, probeSet, compute);
        double[][] milliseconds = new double[4][repeats];
        double accuracy = 0;
        for (int repeat = 0; repeat < repeats; repeat++) {
            long start = System.nanoTime();
            try (TextClassifier classifier = TextClassifier.load(model, compute)) {
                long loaded = System.nanoTime();
                List<TokenizedText> texts = TokenizedProbes.tokenize(probeSet.examples(), classifier);
                long tokenized = System.nanoTime();
                List<float[]> logits = List.of(classifier.logits(texts, () -> {}));
                long passed = System.nanoTime();
                accuracy = new ClassificationScorer(classifier.labels(), classifier::meaning)
                        .score(probeSet, logits)
                        .score()
                        .accuracy();
                long scored = System.nanoTime();
                long[] times = {start, loaded, tokenized, passed, scored};
                for (int i = 0; i < milliseconds.length; i++) {
                    milliseconds[i][repeat] = (times[i + 1] - times[i]) / 1e6;
                }
            }
        }
        report(probeSet.examples().size(), accuracy, milliseconds);
    }

    private static void report(int examples, double accuracy, double[][] milliseconds) {
        double[] medians = Arrays.stream(milliseconds)
                .mapToDouble(EvaluationBenchmark::median)
                .toArray();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("examples", examples);
        report.put("accuracy", accuracy);
        report.put("loadMs", Math.round(medians[0]));
        report.put("tokenizeMs", Math.round(medians[1]));
        report.put("forwardMs", Math.round(medians[2]));
        report.put("scoreMs", Math.round(medians[3]));
        report.put("firstExamplesPerSecond", Math.round(1e3 * examples / (medians[1] + medians[2] + medians[3])));
        report.put("laterExamplesPerSecond", Math.round(1e3 * examples / (medians[2] + medians[3])));
        System.out.println(Json.write(report));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void write(Path encoderDirectory, Path model, ProbeSet probeSet, Compute compute)
            throws IOException {
        OutputHead head = OutputHead.classes(probeSet.examples().stream()
                .map(LabelledExample::label)
                .distinct()
                .sorted()
                .toList());
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(encoderDirectory);
        try (TextEncoder encoder = TextEncoder.open(checkpoint, compute);
                Weights weights = checkpoint.loadWeights(encoder.manager(), head, new Random(1))) {
            checkpoint.write(model, weights, head, MAX_TOKENS);
        }
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
