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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @EnumSource(names = {"MASKED_TOKENS", "MASK_TUNING", "MASK_TUNING_SMART"})
    void shouldRefuseToPredictTokensWithAFamilyThatHasNoHeadForThem(Method method) {
        // Given
        TrainedTask task =
                Sentiments.task(method, Sentiments.golden("electra"), 1, new CheckpointConfig(null, null, null, null));

        // When / Then
        assertThatThrownBy(() -> Learner.start(task))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("task sentiment, training.objective.method " + method.wireName()
                        + ", predicts masked tokens, but the family electra is pre-trained without a masked-token head. Use a method without"
                        + " masked tokens, or an encoder of another model_type.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"modernbert", "xlm-roberta", "electra", "deberta-v2"})
    void shouldTrainSaveAndResumeEachFamily(String family) throws IOException {
        // Given
        CheckpointConfig checkpoints = new CheckpointConfig(null, null, null, null);
        Method method = List.of("electra", "deberta-v2").contains(family) ? Method.SMART : Method.MASK_TUNING_SMART;
        TrainedTask task = Sentiments.task(method, Sentiments.golden(family), 1, checkpoints);
        Path directory = Files.createDirectory(saved.resolve(family));
        float[] after;
        try (Learner learner = Learner.start(task)) {
            assertThat(learner.learn(Sentiments.batch(1), List.of()).applied()).isTrue();
            learner.save(directory);
            assertThat(learner.learn(Sentiments.batch(2), List.of()).applied()).isTrue();
            after = learner.outputs(TEXTS)[0];
        }

        // When
        try (Learner resumed = Learner.resume(task, directory, 1)) {
            resumed.learn(Sentiments.batch(2), List.of());

            // Then
            assertThat(resumed.outputs(TEXTS)[0]).containsExactly(after);
        }
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
