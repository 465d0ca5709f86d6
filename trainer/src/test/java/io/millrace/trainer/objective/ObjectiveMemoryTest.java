package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.config.SmoothnessConfig;
import io.millrace.trainer.objective.masking.MaskedTokens;
import io.millrace.trainer.objective.masking.StandardEncoding;
import io.millrace.trainer.objective.masking.TokenCorruption;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ObjectiveMemoryTest {

    private static final Path CHECKPOINT =
            Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens/bert");

    /** The graph refers to memory that Java owns: nothing in it may be collected before the backward pass has read it. */
    @Test
    void shouldGiveTheSameGradientsWhenGarbageIsCollectedBeforeTheBackwardPass() throws IOException {
        // Given
        List<Float> undisturbed = norms(() -> {});

        // When
        List<Float> disturbed = norms(ObjectiveMemoryTest::collectAndOverwrite);

        // Then
        assertThat(disturbed).isEqualTo(undisturbed);
    }

    private static List<Float> norms(Runnable betweenForwardAndBackward) throws IOException {
        List<Float> norms = new ArrayList<>();
        try (GoldenCheckpoint golden = new GoldenCheckpoint(CHECKPOINT, GoldenCheckpoint.UNUSED)) {
            Objective objective = new Objective(List.of(
                    new MaskTuningTerm(
                            new MaskTuningConfig(null, null),
                            new MaskedTokens(
                                    golden.expectedPositions(),
                                    new StandardEncoding(),
                                    new TokenCorruption(
                                            Corruption.MASK, golden.weights().vocabulary()))),
                    new SmoothnessTerm(new SmoothnessConfig(3.0, null, null, null, null))));
            Objective.Value value = objective.evaluate(golden.context());
            betweenForwardAndBackward.run();
            NDList gradients = golden.gradients(value.total());
            norms.add(golden.optimizer()
                    .check(golden.scope(), gradients, List.of(value.total()), Workers.CALLER)
                    .norm()
                    .getFloat());
        }
        return norms;
    }

    private static void collectAndOverwrite() {
        List<ByteBuffer> garbage = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            System.gc();
            for (int i = 0; i < 20_000; i++) {
                ByteBuffer small = ByteBuffer.allocateDirect(4 + i % 16);
                while (small.hasRemaining()) {
                    small.put((byte) 0x7f);
                }
                garbage.add(small);
            }
        }
        assertThat(garbage).hasSize(60_000);
    }
}
