package io.millrace.trainer;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.ScheduleConfig;
import io.millrace.trainer.config.TrainingConfig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A small task on a tiny golden checkpoint, dropout on, and as many examples of it as anyone asks for. */
final class Sentiments {

    static final Task TASK = new Task("sentiment", TaskKind.SINGLE, List.of("negative", "positive"), 1_000);
    static final int BATCH_SIZE = 4;

    private static final List<String> WORDS = List.of("dull plot", "warm", "slow service", "a quiet triumph", "broken");

    static {
        // On a busy machine a second compute thread makes such small steps many times slower: each waits for both.
        Engine.getInstance();
        JniUtils.setNumThreads(1);
    }

    private Sentiments() {}

    static TrainedTask task(Method method) {
        return task(method, golden("bert"), 1, new CheckpointConfig(null, null, null));
    }

    static TrainedTask task(Method method, Path encoder, long seed, CheckpointConfig checkpoints) {
        return new TrainedTask(
                TASK,
                new TrainingConfig(
                        encoder,
                        seed,
                        new Compute("cpu", Precision.F32),
                        new ObjectiveConfig(method, null, null, null),
                        new OptimizerConfig(1e-3, new ScheduleConfig(2, null), null, null, null, null, null),
                        new BatchingConfig(BATCH_SIZE, 16, Duration.ofSeconds(30)),
                        checkpoints,
                        null));
    }

    static Path golden(String family) {
        return Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens", family);
    }

    /** The {@code number}-th example: always the same. */
    static LabelledExample example(long number) {
        int words = (int) (number % 7) + 1;
        String text = IntStream.range(0, words)
                .mapToObj(i -> WORDS.get((int) ((number * 3 + i * 5L) % WORDS.size())))
                .reduce("film " + number, (left, right) -> left + " " + right);
        return new LabelledExample(
                Long.toString(number), text, null, TASK.labels().get((int) (number % 2)), null, null, null);
    }

    /** The {@code number}-th mini-batch: always the same. */
    static List<TrainingExample> batch(long number) {
        return weighted(number, 1);
    }

    /** The same mini-batch with a factor on every example. */
    static List<TrainingExample> weighted(long number, double weight) {
        return IntStream.range(0, BATCH_SIZE)
                .mapToObj(i -> example(number * BATCH_SIZE + i))
                .map(example -> new TrainingExample(
                        new TextInput(example.text(), null), TASK.labels().indexOf(example.label()), weight))
                .toList();
    }
}
