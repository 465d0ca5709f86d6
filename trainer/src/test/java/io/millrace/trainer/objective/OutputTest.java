package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class OutputTest {

    private final NDManager scope = NDManager.newBaseManager();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void shouldCompareScoresBySquares() {
        // Given
        NDArray scores = scope.create(new float[] {1, 3}, new Shape(2, 1));
        NDArray others = scope.create(new float[] {2, 5}, new Shape(2, 1));
        NDArray targets = scope.create(new float[] {0, 0});

        // When / Then
        assertThat(Output.SCORE.taskLoss(scores, targets, Optional.empty()).getFloat())
                .isEqualTo(5);
        assertThat(Output.SCORE.divergence(scores, others).getFloat()).isEqualTo(2.5f);
    }

    @Test
    void shouldTakeAScoreOfOneExample() {
        // Given
        NDArray score = scope.create(new float[] {3}, new Shape(1, 1));

        // When / Then
        assertThat(Output.SCORE
                        .taskLoss(score, scope.create(new float[] {1}), Optional.empty())
                        .getFloat())
                .isEqualTo(4);
    }

    @Test
    void shouldCompareClassesAsDistributions() {
        // Given
        NDArray logits = scope.create(new float[] {1, -2, 3, 0}, new Shape(2, 2));
        NDArray others = scope.create(new float[] {0, 1, 1, 2}, new Shape(2, 2));
        NDArray targets = scope.create(new long[] {1, 0});

        // When / Then
        assertThat(Output.CLASSES.taskLoss(logits, targets, Optional.empty()))
                .isEqualTo(Divergences.crossEntropy(logits, targets, Optional.empty()));
        assertThat(Output.CLASSES.divergence(logits, others)).isEqualTo(Divergences.symmetricKl(logits, others));
    }
}
