package io.millrace.trainer.drift;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult.BatchSummary;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A real stream as a model saw it that was tested and trained on it: once, and the observations serve every detector. */
public final class RecordedStream {

    private static final int BATCH_SIZE = 32;

    private RecordedStream() {}

    /** The examples of a gzipped file of JSON lines. */
    public static List<LabelledExample> read(Path file) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                examples.add(Json.mapper().readValue(line, LabelledExample.class));
            }
        }
        return examples;
    }

    /**
     * Trains on a stream, and returns what the model saw before it trained on each example.
     *
     * @param model {@code words} for a linear model over words, which knows no tokens and no embeddings; else the directory of an encoder,
     *     which the trainer's learner trains plainly
     */
    public static List<Observation> observe(String model, List<LabelledExample> stream) {
        return model.equals("words") ? WordModel.observe(stream) : observe(Path.of(model), stream);
    }

    private static List<Observation> observe(Path encoder, List<LabelledExample> stream) {
        List<String> labels =
                stream.stream().map(LabelledExample::label).distinct().sorted().toList();
        DriftConfig drift =
                new DriftConfig(null, null, null, null, Map.of("embeddings", 10_000L), null, null, null, null);
        TrainedTask task = new TrainedTask(
                new Task("benchmark", TaskKind.SINGLE, labels, 100_000),
                TrainingConfigs.plain(encoder)
                        .withCompute(new Compute("cpu", Precision.BF16))
                        .withOptimizer(new OptimizerConfig(6e-4, null, null, null, null, null, null))
                        .withBatching(new BatchingConfig(BATCH_SIZE, 64, null, null))
                        .withDrift(drift)
                        .build());
        List<Observation> observations = new ArrayList<>();
        try (Learner learner = Learner.start(task)) {
            for (int first = 0; first + BATCH_SIZE <= stream.size(); first += BATCH_SIZE) {
                List<LabelledExample> batch = stream.subList(first, first + BATCH_SIZE);
                BatchSummary seen = learner.learn(batch, List.of()).batch();
                for (int i = 0; i < BATCH_SIZE; i++) {
                    observations.add(new Observation(
                            first + i, batch.get(i), seen.right()[i], seen.unknownShares()[i], seen.embeddings()[i]));
                }
            }
        }
        return observations;
    }
}
