package io.millrace.trainer.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.store.CheckpointManifest;
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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

class PretrainingTest {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens/bert");
    private static final int CUT_AFTER = 5;

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithTheSameBytesWhenItWasCutAndGoesOn() throws IOException {
        // Given
        TrainingConfig config = config(BERT, MaskedEncoder.EXCLUDED);
        Path whole = new Pretraining(config, new Numbers(23), folder.resolve("whole")).run(progress -> {});

        // When
        assertThatThrownBy(() -> new Pretraining(config, new Numbers(23), folder.resolve("cut")).run(progress -> {
                    if (progress.step() == CUT_AFTER) {
                        throw new IllegalStateException("cut");
                    }
                }))
                .hasMessage("cut");
        List<Long> stepsAfter = new ArrayList<>();
        Path cut = new Pretraining(config, new Numbers(23), folder.resolve("cut"))
                .run(progress -> stepsAfter.add(progress.step()));

        // Then it goes on from the checkpoint of step 4, and 23 texts are six mini-batches
        assertThat(stepsAfter).containsExactly(5L, 6L);
        assertThat(CheckpointManifest.readVerified(cut).files())
                .isEqualTo(CheckpointManifest.readVerified(whole).files());
    }

    @Test
    void shouldMakeAnEncoderFromScratch() throws IOException {
        // Given
        Path untrained = Files.createDirectory(folder.resolve("untrained"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(BERT.resolve(file), untrained.resolve(file));
        }

        // When
        Path made = new Pretraining(config(untrained, MaskedEncoder.STANDARD), new Numbers(8), folder.resolve("out"))
                .run(progress -> {});

        // Then
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(made);
        assertThat(checkpoint.hasTokenHead()).isTrue();
        assertThat(Files.readString(made.resolve("config.json"))).contains("BertForMaskedLM");
    }

    @Test
    void shouldRefuseToGoOnWithOtherTexts() throws IOException {
        // Given
        TrainingConfig config = config(BERT, MaskedEncoder.STANDARD);
        new Pretraining(config, new Numbers(8), folder).run(progress -> {});

        // When / Then
        assertThatThrownBy(() -> new Pretraining(config, new Numbers(9), folder).run(progress -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was pre-trained with other texts or another configuration.");
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

    /** So many texts, one like the other. */
    private record Numbers(long size) implements TextSequence {

        @Override
        public String sha256() {
            return Long.toString(size);
        }

        @Override
        public Iterator<UnlabelledText> from(long place) {
            return LongStream.range(place, size)
                    .mapToObj(i -> new UnlabelledText(Long.toString(i), "a text about number " + i))
                    .iterator();
        }
    }
}
