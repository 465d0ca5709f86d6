package io.millrace.trainer.learner;

import static io.millrace.trainer.Sentiments.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.Setup;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What a step allocates, in managers or behind their backs, is gone when it is over. */
@Tag("native-heap")
class LearnerMemoryTest {

    private static final int DISTINCT_BATCHES = 50;
    private static final int WARM_UP = DISTINCT_BATCHES;
    private static final int STEPS = 40;
    private static final int WINDOWS = 3;
    private static final int READINGS = 5;

    /** Of a window: half a KiB per step, a hundred and sixtieth of the encoder's weights. */
    private static final long GROWTH_BYTES = STEPS * 512L;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsAnAccountOfTheNativeHeap() {
        if (!NativeHeap.isKnown()) {
            System.out.println(
                    "SKIPPED LearnerMemoryTest: it needs glibc 2.33 or newer, and -XX:NativeMemoryTracking=summary.");
        }
        assumeTrue(NativeHeap.isKnown());
    }

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
                TrainingConfigs.like(config, oneLayer())
                        .withReplay(new ReplayConfig(0.5, 20, null))
                        .build());

        // When / Then
        assertBounded(Sentiments.readingTexts(task));
    }

    private static void assertBounded(TrainedTask task) {
        try (Learner learner = Learner.start(task)) {
            train(learner, WARM_UP);
            int arrays = managedArrays();
            long growth = leastGrowth(learner);

            assertThat(managedArrays()).as("arrays that a manager holds").isEqualTo(arrays);
            assertThat(growth)
                    .as("bytes by which the native heap grows in each window of %d steps", STEPS)
                    .isLessThan(GROWTH_BYTES);
        }
    }

    /** A leak is in every window, what a library allocates once is not. */
    private static long leastGrowth(Learner learner) {
        long least = Long.MAX_VALUE;
        long before = inUse();
        for (int window = 0; window < WINDOWS; window++) {
            train(learner, STEPS);
            long after = inUse();
            least = Math.min(least, after - before);
            before = after;
        }
        return least;
    }

    /** Without what only waits for the garbage collector and the threads that free on its behalf: the lowest of several readings. */
    private static long inUse() {
        System.gc();
        System.runFinalization();
        long lowest = Long.MAX_VALUE;
        for (int reading = 0; reading < READINGS; reading++) {
            LockSupport.parkNanos(10_000_000);
            lowest = Math.min(lowest, NativeHeap.inUse());
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
}
