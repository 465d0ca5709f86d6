package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.store.UnusableCheckpointException;
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
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What a learner starts from, and what is left of one that cannot start. */
class LearnerStartTest {

    private static final List<TextInput> TEXTS = List.of(new TextInput("dull plot, warm", null));

    @TempDir
    private Path saved;

    @BeforeEach
    void save() throws IOException {
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            learner.learn(Sentiments.batch(1), List.of());
            learner.save(saved);
        }
    }

    @Test
    void shouldStartWithATrainedHeadWhateverTheOrderOfItsLabels() {
        // Given
        float[] same = firstOutputs(Sentiments.TASK.labels());

        // When
        float[] turned = firstOutputs(List.of("positive", "negative"));

        // Then
        assertThat(turned).containsExactly(new float[] {same[1], same[0]}, within(1e-6f));
    }

    @Test
    void shouldLeaveNothingBehindThatCouldNotResume() throws IOException {
        // Given
        Files.copy(
                Sentiments.golden("bert").resolve("tokenizer.json"),
                saved.resolve("optimizer.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        int before = managedArrays();

        // When
        assertThatThrownBy(() -> Learner.resume(Sentiments.task(Method.PLAIN), saved, 1))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("optimizer.safetensors");

        // Then
        assertThat(managedArrays()).as("arrays that a manager holds").isEqualTo(before);
    }

    private static int managedArrays() {
        try (NDManager any = NDManager.newBaseManager()) {
            return any.getParentManager().getManagedArrays().size();
        }
    }

    private float[] firstOutputs(List<String> labels) {
        Task task = new Task("sentiment", TaskKind.SINGLE, labels, 1_000);
        TrainedTask trained = new TrainedTask(
                task,
                Sentiments.task(Method.PLAIN, saved, 1, new CheckpointConfig(null, null, null, null))
                        .training());
        assertThat(EncoderCheckpoint.read(saved).head().orElseThrow().labels()).isEqualTo(Sentiments.TASK.labels());
        try (Learner learner = Learner.start(trained)) {
            return learner.outputs(TEXTS)[0];
        }
    }
}
