package io.millrace.app.bench;

import io.millrace.encoder.Compute;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;

import java.util.List;
import java.util.Map;

/** The task that a run trains, as from a configuration file: what is not named here has its default. */
final class BenchTask {

    private static final int MAX_TEXT_CHARS = 100_000;

    private BenchTask() {}

    /**
     * A task with the labels of a stream.
     *
     * @param checkpointEvery steps between two checkpoints
     */
    static TrainedTask of(BenchRun run, List<LabelledExample> stream, int checkpointEvery) {
        List<String> labels =
                stream.stream().map(LabelledExample::label).distinct().sorted().toList();
        boolean pairs = stream.get(0).textPair() != null;
        return new TrainedTask(
                new Task("bench", pairs ? TaskKind.PAIR : TaskKind.SINGLE, labels, MAX_TEXT_CHARS),
                Json.mapper()
                        .convertValue(
                                Map.of(
                                        "encoder", run.encoder().toString(),
                                        "compute", new Compute("cpu", run.precision()),
                                        "tuning", run.tuning(),
                                        "objective", Map.of("method", run.method()),
                                        "optimizer", Map.of("learningRate", BenchRun.LEARNING_RATE),
                                        "checkpoints", Map.of("everySteps", checkpointEvery),
                                        "batching",
                                                Map.of(
                                                        "batchSize", run.size().batch(),
                                                        "maxTokens", run.size().maxTokens())),
                                TrainingConfig.class));
    }
}
