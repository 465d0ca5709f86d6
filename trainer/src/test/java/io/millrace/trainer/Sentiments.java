package io.millrace.trainer;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ScheduleConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A small task on a tiny golden checkpoint, dropout on, and as many examples of it as anyone asks for. */
public final class Sentiments {

    public static final KafkaConnection KAFKA = new KafkaConnection("localhost:1", Map.of());
    public static final Task TASK = new Task("sentiment", TaskKind.SINGLE, List.of("negative", "positive"), 1_000);
    public static final int BATCH_SIZE = 4;

    private static final List<String> WORDS = List.of("dull plot", "warm", "slow service", "a quiet triumph", "broken");

    static {
        // On a busy machine a second compute thread makes such small steps many times slower: each waits for both.
        Engine.getInstance();
        JniUtils.setNumThreads(1);
    }

    private Sentiments() {}

    public static TrainedTask task(Method method) {
        return task(TASK, ObjectiveConfig.of(method));
    }

    public static TrainedTask task(Method method, Path encoder, long seed, CheckpointConfig checkpoints) {
        return new TrainedTask(TASK, config(ObjectiveConfig.of(method), encoder, seed, checkpoints));
    }

    public static TrainedTask task(Task task, ObjectiveConfig objective) {
        return new TrainedTask(
                task, config(objective, golden("bert"), 1, new CheckpointConfig(null, null, null, null)));
    }

    /** The same task, replaying. */
    public static TrainedTask replaying(TrainedTask trained, ReplayConfig replay) {
        TrainingConfig config = trained.training();
        return new TrainedTask(
                trained.task(), TrainingConfigs.like(config).withReplay(replay).build());
    }

    /** The same task, with as many unlabelled texts as labelled examples. */
    public static TrainedTask readingTexts(TrainedTask trained) {
        TrainingConfig config = trained.training();
        BatchingConfig batching = config.batching();
        return new TrainedTask(
                trained.task(),
                TrainingConfigs.like(config)
                        .withBatching(new BatchingConfig(
                                batching.batchSize(), batching.maxTokens(), 0.5, batching.idleAfter()))
                        .build());
    }

    private static TrainingConfig config(
            ObjectiveConfig objective, Path encoder, long seed, CheckpointConfig checkpoints) {
        return TrainingConfigs.plain(encoder)
                .withSeed(seed)
                .withCompute(new Compute("cpu", Precision.F32))
                .withObjective(objective)
                .withOptimizer(new OptimizerConfig(1e-3, new ScheduleConfig(2, null), null, null, null, null, null))
                .withBatching(new BatchingConfig(BATCH_SIZE, 16, null, Duration.ofSeconds(30)))
                .withCheckpoints(checkpoints)
                .build();
    }

    public static Path golden(String family) {
        return Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens", family);
    }

    /** The {@code number}-th example: always the same. */
    public static LabelledExample example(long number) {
        int words = (int) (number % 7) + 1;
        String text = IntStream.range(0, words)
                .mapToObj(i -> WORDS.get((int) ((number * 3 + i * 5L) % WORDS.size())))
                .reduce("film " + number, (left, right) -> left + " " + right);
        return new LabelledExample(
                Long.toString(number), text, null, TASK.labels().get((int) (number % 2)), null, null, null);
    }

    /** The {@code number}-th example with another label. */
    public static LabelledExample labelled(long number, String label) {
        LabelledExample one = example(number);
        return new LabelledExample(one.id(), one.text(), null, label, null, null, null);
    }

    /** The {@code number}-th unlabelled text: always the same. */
    public static UnlabelledText text(long number) {
        return new UnlabelledText("text-" + number, example(number + 1_000).text());
    }

    /** The {@code number}-th mini-batch of unlabelled texts: always the same. */
    public static List<UnlabelledText> texts(long number) {
        return LongStream.range(0, BATCH_SIZE)
                .mapToObj(i -> text(number * BATCH_SIZE + i))
                .toList();
    }

    /** The {@code number}-th mini-batch: always the same. */
    public static List<LabelledExample> batch(long number) {
        return LongStream.range(0, BATCH_SIZE)
                .mapToObj(i -> example(number * BATCH_SIZE + i))
                .toList();
    }

    /** The same mini-batch with a factor on every example. */
    public static List<LabelledExample> weighted(long number, double weight) {
        return batch(number).stream()
                .map(one -> new LabelledExample(one.id(), one.text(), null, one.label(), null, weight, null))
                .toList();
    }
}
