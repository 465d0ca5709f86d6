package io.millrace.app.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;

import java.util.List;

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
                training(run, checkpointEvery));
    }

    /**
     * Its settings.
     *
     * @throws io.millrace.schemas.config.ConfigException if those of the method are none
     */
    static TrainingConfig training(BenchRun run, int checkpointEvery) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        keys.put("encoder", run.encoder().toString());
        keys.putObject("compute").put("device", "cpu").put("precision", BenchRun.word(run.precision()));
        keys.putObject("optimizer").put("learningRate", BenchRun.LEARNING_RATE);
        keys.putObject("checkpoints").put("everySteps", checkpointEvery);
        keys.putObject("batching")
                .put("batchSize", run.size().batch())
                .put("maxTokens", run.size().maxTokens());
        return ConfigFile.bind(
                run.method().appliedTo(keys),
                TrainingConfig.class,
                run.encoder(),
                "method " + run.method().label());
    }
}
