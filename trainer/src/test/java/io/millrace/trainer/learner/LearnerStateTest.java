package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.Setup;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.replay.ReplayFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a learner knows is in its checkpoint, whatever it learns by. */
class LearnerStateTest {

    private static final double INFINITE_LOSS = 1e300;

    /** The loss of such a weight is a number in single precision; the squares in the gradient's norm are none. */
    private static final double INFINITE_GRADIENT = 1e30;

    @TempDir
    private Path directory;

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldGoOnAfterAResumeAsIfItHadNeverStopped(Setup setup) throws IOException {
        // Given
        Path whole;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 2);
            learner.checkpointed();
            setup.train(learner, 3, 4);
            whole = saved(learner, "whole");
        }

        // When
        Path half;
        Path resumed;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 2);
            half = saved(learner, "half");
        }
        try (Learner learner = Learner.resume(setup.task(), half, 2)) {
            setup.train(learner, 3, 4);
            resumed = saved(learner, "resumed");
        }

        // Then
        assertThat(SavedFiles.hashes(resumed)).isEqualTo(SavedFiles.hashes(whole));
        assertThat(SavedFiles.hashes(half))
                .doesNotContainEntry(
                        EncoderCheckpoint.WEIGHTS_FILE, SavedFiles.hashes(whole).get(EncoderCheckpoint.WEIGHTS_FILE));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldWriteASnapshotAsItWasWhenItWasTaken(Setup setup) throws IOException {
        // Given
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 2);
            Path then = saved(learner, "then");

            // When
            Path later = Files.createDirectory(directory.resolve("later"));
            try (LearnerSnapshot snapshot = learner.snapshot()) {
                learner.checkpointed();
                setup.train(learner, 3, 4);
                snapshot.writeInto(later);
            }
            Path now = saved(learner, "now");

            // Then
            assertThat(SavedFiles.hashes(later)).isEqualTo(SavedFiles.hashes(then));
            assertThat(SavedFiles.hashes(now))
                    .doesNotContainEntry(
                            EncoderCheckpoint.WEIGHTS_FILE,
                            SavedFiles.hashes(then).get(EncoderCheckpoint.WEIGHTS_FILE));
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldWriteTheFilesThatItsTrainingNeeds(Setup setup) throws IOException {
        // When
        Map<String, String> files;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 1);
            files = SavedFiles.hashes(saved(learner, "files"));
        }

        // Then
        var config = setup.task().training();
        assertThat(files).containsKeys(EncoderCheckpoint.WEIGHTS_FILE, ModelState.OPTIMIZER_FILE);
        assertThat(files.containsKey(ModelState.REFERENCE_FILE))
                .isEqualTo(config.objective().method().usesSmart());
        assertThat(files.containsKey(ModelState.DECODER_FILE))
                .isEqualTo(config.objective().maskedTokens().maskedEncoder() == MaskedEncoder.EXCLUDED);
        assertThat(files.containsKey(ReplayFile.NAME)).isEqualTo(config.replay().share() > 0);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldPassOverAMiniBatchWhoseLossIsNotFinite(Setup setup) throws IOException {
        // When
        StepResult result = passedOver(setup, INFINITE_LOSS);

        // Then
        assertThat(result.totalLoss()).isNotFinite();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldPassOverAMiniBatchWhoseGradientIsNotFinite(Setup setup) throws IOException {
        // When
        StepResult result = passedOver(setup, INFINITE_GRADIENT);

        // Then
        assertThat(result.totalLoss()).isFinite();
        assertThat(result.gradNorm()).isNotFinite();
    }

    /** Trains with a mini-batch of such weight in the middle, and shows that all is as if it had never come. */
    private StepResult passedOver(Setup setup, double weight) throws IOException {
        Path without;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 2);
            without = saved(learner, "without");
        }
        StepResult passedOver;
        Path with;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 1);
            passedOver = learner.learn(
                    weighted(setup.batches().apply(1), weight), setup.texts().apply(7));
            assertThat(learner.step()).isEqualTo(1);
            setup.train(learner, 2, 2);
            with = saved(learner, "with");
        }
        assertThat(passedOver.applied()).isFalse();
        assertThat(SavedFiles.hashes(with)).isEqualTo(SavedFiles.hashes(without));
        return passedOver;
    }

    private static List<LabelledExample> weighted(List<LabelledExample> examples, double weight) {
        return examples.stream()
                .map(one -> new LabelledExample(one.id(), one.text(), null, one.label(), null, weight, null))
                .toList();
    }

    private Path saved(Learner learner, String name) throws IOException {
        Path target = Files.createDirectory(directory.resolve(name));
        learner.save(target);
        return target;
    }
}
