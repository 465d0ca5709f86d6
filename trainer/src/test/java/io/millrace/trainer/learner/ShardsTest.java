package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.torchscript.ComputeThreads;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A mini-batch in parts gives what it gives whole, and the same bytes whenever it is divided in the same way. */
class ShardsTest {

    private static final double SAME = 1e-5;

    @TempDir
    private Path directory;

    private Path encoder;

    @BeforeEach
    void switchDropoutOff() throws IOException {
        encoder = Files.createDirectory(directory.resolve("encoder"));
        try (Stream<Path> files = Files.list(Sentiments.golden("bert"))) {
            for (Path file : files.toList()) {
                Files.copy(file, encoder.resolve(file.getFileName()));
            }
        }
        Path config = encoder.resolve("config.json");
        ObjectNode values = (ObjectNode) Json.mapper().readTree(config.toFile());
        values.put("hidden_dropout_prob", 0).put("attention_probs_dropout_prob", 0);
        Files.writeString(config, values.toString());
    }

    @Test
    void shouldGiveTheLossesAndTheGradientsOfTheWholeMiniBatch() {
        try (Learner whole = Learner.start(task(Method.PLAIN, 1));
                Learner divided = Learner.start(task(Method.PLAIN, 3))) {
            for (int number = 1; number <= 4; number++) {
                // When
                StepResult expected = whole.learn(Sentiments.weighted(number, 0.5 * number), List.of());
                StepResult got = divided.learn(Sentiments.weighted(number, 0.5 * number), List.of());

                // Then
                assertThat(got.totalLoss()).isCloseTo(expected.totalLoss(), within(SAME));
                assertThat(got.terms()).containsOnlyKeys(expected.terms().keySet());
                assertThat(got.gradNorm()).isCloseTo(expected.gradNorm(), within(SAME * expected.gradNorm()));
            }
        }
    }

    @Test
    void shouldGiveTheSameBytesWhateverTheNumberOfComputeThreads() throws IOException {
        // When
        String one = trained("one", task(Method.MASK_TUNING_SMART, 3));
        AtomicInteger before = new AtomicInteger();
        String other = onAThreadOfTwo(before, () -> trained("other", task(Method.MASK_TUNING_SMART, 3)));
        String undivided = trained("undivided", task(Method.MASK_TUNING_SMART, 1));

        // Then
        assertThat(other).isEqualTo(one);
        assertThat(undivided).isNotEqualTo(one);
        assertThat(ComputeThreads.count()).as("compute threads of this thread").isEqualTo(before.get());
    }

    private TrainedTask task(Method method, int shards) {
        return Sentiments.task(method, encoder, 1, new CheckpointConfig(null, null, null, null))
                .withShards(shards);
    }

    private interface Training {
        String hash() throws IOException;
    }

    private static String onAThreadOfTwo(AtomicInteger before, Training training) throws IOException {
        before.set(ComputeThreads.count());
        try {
            JniUtils.setNumThreads(2);
            return training.hash();
        } finally {
            JniUtils.setNumThreads(before.get());
        }
    }

    private String trained(String name, TrainedTask task) throws IOException {
        Path saved = Files.createDirectory(directory.resolve(name));
        try (Learner learner = Learner.start(task)) {
            for (int number = 1; number <= 3; number++) {
                learner.learn(Sentiments.batch(number), List.of());
            }
            learner.save(saved);
        }
        return Sha256.of(saved.resolve(EncoderCheckpoint.WEIGHTS_FILE));
    }
}
