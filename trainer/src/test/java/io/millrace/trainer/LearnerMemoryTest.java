package io.millrace.trainer;

import static io.millrace.trainer.Sentiments.batch;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a step allocates, in managers or behind their backs, is gone when it is over. */
class LearnerMemoryTest {

    private static final int WARM_UP = 100;
    private static final int STEPS = 50;
    private static final int SAMPLES = 6;
    private static final int DISTINCT_BATCHES = 50;

    /** 16 KiB a step: a fifth of the encoder's weights. What the JIT compiler takes is a third of it. */
    private static final long GROWTH_KIB = SAMPLES * STEPS * 16L;

    /** The Java heap lies below, as long as pointers into it are compressed; everything native lies above. */
    private static final long HEAP_END = 1L << 40;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"SMART", "MASK_TUNING"})
    void shouldNotGrowOverManySteps(Method method) throws IOException {
        // When / Then
        assertBounded(Sentiments.task(method, oneLayer(), 1, new CheckpointConfig(null, null, null, null)));
    }

    @Test
    void shouldNotGrowWithADecoderQuestionsAndTexts() throws IOException {
        // Given
        TrainingConfig config = Setup.masking(Method.MASKED_TOKENS, Masking.SELF_EVOLUTION, MaskedEncoder.EXCLUDED)
                .training();
        TrainedTask task = new TrainedTask(
                Sentiments.TASK,
                new TrainingConfig(
                        oneLayer(),
                        config.seed(),
                        config.compute(),
                        config.objective(),
                        config.optimizer(),
                        config.batching(),
                        new ReplayConfig(0.5, 20, null),
                        null,
                        null,
                        null));

        // When / Then
        assertBounded(Sentiments.readingTexts(task));
    }

    private static void assertBounded(TrainedTask task) throws IOException {
        try (Learner learner = Learner.start(task)) {
            train(learner, WARM_UP);
            int arrays = managedArrays();
            long before = lowestResident(learner);
            long after = lowestResident(learner);

            assertThat(managedArrays()).as("arrays that a manager holds").isEqualTo(arrays);
            assertThat(after - before)
                    .as("growth of resident native memory in KiB")
                    .isLessThan(GROWTH_KIB);
        }
    }

    /** A leak lifts the lowest mark; what allocators keep for a while, megabytes of it, lifts the others. */
    private static long lowestResident(Learner learner) throws IOException {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            train(learner, STEPS);
            lowest = Math.min(lowest, residentNativeKib());
        }
        return lowest;
    }

    /** The golden encoder without its upper layers, so that many steps take little time. */
    private Path oneLayer() throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(Sentiments.golden("bert").resolve(name), directory.resolve(name));
        }
        Path config = directory.resolve("config.json");
        String layers = "\"num_hidden_layers\": ";
        Files.writeString(config, Files.readString(config).replace(layers + 3, layers + 1));
        return directory;
    }

    private static void train(Learner learner, int steps) {
        for (int i = 0; i < steps; i++) {
            learner.learn(batch(i % DISTINCT_BATCHES), Sentiments.texts(i % DISTINCT_BATCHES));
        }
    }

    /** Every array that any manager of this process holds: all managers hang below one. */
    private static int managedArrays() {
        try (NDManager any = NDManager.newBaseManager()) {
            return any.getParentManager().getManagedArrays().size();
        }
    }

    private static long residentNativeKib() throws IOException {
        System.gc();
        long kib = 0;
        boolean isNative = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                isNative = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16) >= HEAP_END;
            } else if (isNative && line.startsWith("Rss:")) {
                kib += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kib;
    }
}
