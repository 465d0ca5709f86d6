package io.millrace.trainer.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MaskedTokenScore;
import io.millrace.encoder.MaskedTokenScore.Measurement;
import io.millrace.encoder.Precision;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.Headless;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class PretrainingTest {

    private static final Path BERT = Sentiments.golden("bert");
    private static final PretrainingPlan BOTH = new PretrainingPlan(0, 1, 1e-2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1, 5, both", "1, 1, 3, head", "1, 1, 5, both"})
    void shouldEndWithTheSameBytesWhenItWasCutAndGoesOn(int headEpochs, int epochs, int cutAfter, String cutIn)
            throws IOException {
        // Given
        TrainingConfig config = config(BERT, MaskedEncoder.EXCLUDED);
        PretrainingPlan plan = new PretrainingPlan(headEpochs, epochs, 1e-2);
        Numbers texts = new Numbers(23, headEpochs + epochs);
        Measured whole = new Measured();
        Path made = new Pretraining(config, plan, texts, folder.resolve("whole")).run(whole);

        // When
        assertThatThrownBy(() -> new Pretraining(config, plan, texts, folder.resolve("cut")).run(progress -> {
                    if (progress.step() == cutAfter
                            && progress.phase().wireName().equals(cutIn)) {
                        throw new IllegalStateException("cut");
                    }
                }))
                .hasMessage("cut");
        List<Long> stepsAfter = new ArrayList<>();
        Path cut = new Pretraining(config, plan, texts, folder.resolve("cut"))
                .run(progress -> stepsAfter.add(progress.step()));

        // Then it goes on from the checkpoint before the cut
        assertThat(stepsAfter).startsWith((long) cutAfter);
        assertThat(CheckpointManifest.readVerified(cut).files())
                .isEqualTo(CheckpointManifest.readVerified(made).files());
        assertThat(MaskedTokenScore.ofWeights(cut).orElseThrow().measurements()).isEqualTo(whole.measurements);
    }

    @Test
    void shouldTrainAFreshHeadFirstAndThenBoth() throws IOException {
        // Given an encoder without a head, and 23 texts in six mini-batches
        Path headless = Headless.bert(folder.resolve("headless"));
        TrainingConfig config = config(headless, MaskedEncoder.STANDARD);
        PretrainingPlan plan = PretrainingPlan.of(headless, OptionalInt.empty(), 2, 1e-2);
        Measured measured = new Measured();

        // When
        Path made = new Pretraining(config, plan, new Numbers(23, 3), folder.resolve("out")).run(measured);

        // Then
        assertThat(measured.measurements)
                .extracting(one -> one.phase() + " " + one.epoch() + " " + one.step())
                .containsExactly("head 0 0", "head 1 6", "both 1 6", "both 2 12");
        MaskedTokenScore score = MaskedTokenScore.ofWeights(made).orElseThrow();
        assertThat(score.freshHead()).isTrue();
        assertThat(score.measurements()).isEqualTo(measured.measurements);
        assertThat(score.last().loss()).isLessThan(score.first().loss());
        assertThat(score.heldOut().texts()).isEqualTo(120);
        assertThat(EncoderCheckpoint.read(made).hasTrainedTokenHead()).isTrue();
    }

    @Test
    void shouldMeasureAHeadThatIsThereBeforeAndAfter() throws IOException {
        // Given
        PretrainingPlan plan = PretrainingPlan.of(BERT, OptionalInt.empty(), 1, 1e-2);
        Measured measured = new Measured();

        // When
        Path made =
                new Pretraining(config(BERT, MaskedEncoder.STANDARD), plan, new Numbers(8, 1), folder).run(measured);

        // Then
        assertThat(plan.headEpochs()).isZero();
        assertThat(measured.measurements)
                .extracting(one -> one.phase() + " " + one.epoch() + " " + one.step())
                .containsExactly("both 0 0", "both 1 2");
        assertThat(MaskedTokenScore.ofWeights(made).orElseThrow().freshHead()).isFalse();
    }

    @Test
    void shouldMakeAnEncoderFromScratch() throws IOException {
        // Given
        Path untrained = Files.createDirectory(folder.resolve("untrained"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(BERT.resolve(file), untrained.resolve(file));
        }
        PretrainingPlan plan = PretrainingPlan.of(untrained, OptionalInt.empty(), 1, 1e-2);

        // When
        Path made = new Pretraining(
                        config(untrained, MaskedEncoder.STANDARD), plan, new Numbers(8, 1), folder.resolve("out"))
                .run(progress -> {});

        // Then
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(made);
        assertThat(plan.headEpochs()).isZero();
        assertThat(checkpoint.hasTrainedTokenHead()).isTrue();
        assertThat(Files.readString(made.resolve("config.json"))).contains("BertForMaskedLM");
        assertThatThrownBy(() -> PretrainingPlan.of(untrained, OptionalInt.of(1), 1, 1e-2))
                .hasMessageContaining(untrained + " has no model.safetensors")
                .hasMessageContaining("--head-epochs 0");
    }

    @Test
    void shouldRefuseToGoOnWithOtherTextsOrAnotherPlan() throws IOException {
        // Given
        TrainingConfig config = config(BERT, MaskedEncoder.STANDARD);
        new Pretraining(config, BOTH, new Numbers(8, 1), folder).run(progress -> {});

        // When / Then
        assertThatThrownBy(() -> new Pretraining(config, BOTH, new Numbers(9, 1), folder).run(progress -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was pre-trained with other texts or another configuration.");
        assertThatThrownBy(() -> new Pretraining(config, new PretrainingPlan(1, 1, 1e-2), new Numbers(8, 1), folder)
                        .run(progress -> {}))
                .hasMessageContaining("was pre-trained with other texts or another configuration.");
    }

    @Test
    void shouldRefuseTextsThatCannotTellHowGoodTheHeadIs() {
        // Given
        TrainingConfig config = config(BERT, MaskedEncoder.STANDARD);

        // When / Then
        assertThatThrownBy(
                        () -> new Pretraining(config, BOTH, new Numbers(8, 1, Collections.nCopies(200, "a b")), folder)
                                .run(progress -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the texts are too short: the 200 that are held out have 2.0 tokens on average, expected at least 3."
                                + " A masked word needs words around it. Join short texts, or raise batching.maxTokens.");
        assertThatThrownBy(() -> new Pretraining(
                                config, BOTH, new Numbers(8, 1, List.of("a text of some more words")), folder)
                        .run(progress -> {}))
                .hasMessageContaining("the 1 texts that are held out have ")
                .hasMessageContaining("expected at least 100")
                .hasMessageContaining("hold out a larger share");
    }

    @Test
    void shouldRefusePlansThatTrainNothing() {
        // When / Then
        assertThatThrownBy(() -> new PretrainingPlan(0, 0, 1e-2)).hasMessageContaining("got 0 and 0");
        assertThatThrownBy(() -> new PretrainingPlan(-1, 2, 1e-2)).hasMessageContaining("got -1 and 2");
        assertThatThrownBy(() -> new PretrainingPlan(1, 1, 0)).hasMessageContaining("must be in (0, 1], got 0.0");
    }

    private static TrainingConfig config(Path encoder, MaskedEncoder maskedEncoder) {
        return TrainingConfigs.plain(encoder)
                .withSeed(3)
                .withCompute(new Compute("cpu", Precision.F32))
                .withObjective(new ObjectiveConfig(
                        null,
                        new MaskedTokensConfig(null, 0.15, Masking.SELF_EVOLUTION, maskedEncoder, null, null, null),
                        null,
                        null,
                        null))
                .withOptimizer(new OptimizerConfig(1e-3, null, null, null, null, null, null))
                .withBatching(new BatchingConfig(4, 16, null, null))
                .withCheckpoints(new CheckpointConfig(2, null, null, null))
                .build();
    }

    private static final class Measured implements PretrainingListener {

        private final List<Measurement> measurements = new ArrayList<>();

        @Override
        public void stepped(PretrainingProgress progress) {}

        @Override
        public void measured(Measurement measurement) {
            measurements.add(measurement);
        }
    }

    /** So many texts in each epoch, one like the other. */
    private record Numbers(long textsPerEpoch, int epochs, List<String> heldOut) implements TextSequence {

        Numbers(long textsPerEpoch, int epochs) {
            this(
                    textsPerEpoch,
                    epochs,
                    IntStream.range(0, 120)
                            .mapToObj(i -> "a text about number " + (1_000 + i))
                            .toList());
        }

        @Override
        public String sha256() {
            return textsPerEpoch + " " + epochs;
        }

        @Override
        public Iterator<UnlabelledText> from(long place) {
            return LongStream.range(place, textsPerEpoch * epochs)
                    .mapToObj(i -> new UnlabelledText(Long.toString(i), "a text about number " + i))
                    .iterator();
        }
    }
}
