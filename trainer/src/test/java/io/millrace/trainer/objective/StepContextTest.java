package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.OptionalInt;

class StepContextTest {

    private final NDManager scope = NDManager.newBaseManager();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void shouldCompareScoresBySquares() {
        // Given
        StepContext step = step(scope.create(new float[] {0, 0}), true);
        NDArray scores = scope.create(new float[] {1, 3}, new Shape(2, 1));
        NDArray others = scope.create(new float[] {2, 5}, new Shape(2, 1));

        // When / Then
        assertThat(step.taskLoss(scores).getFloat()).isEqualTo(5);
        assertThat(step.divergence(scores, others).getFloat()).isEqualTo(2.5f);
    }

    @Test
    void shouldCompareClassesAsDistributions() {
        // Given
        NDArray targets = scope.create(new long[] {1, 0});
        StepContext step = step(targets, false);
        NDArray logits = scope.create(new float[] {1, -2, 3, 0}, new Shape(2, 2));
        NDArray others = scope.create(new float[] {0, 1, 1, 2}, new Shape(2, 2));

        // When / Then
        assertThat(step.taskLoss(logits)).isEqualTo(Divergences.crossEntropy(logits, targets, Optional.empty()));
        assertThat(step.divergence(logits, others)).isEqualTo(Divergences.symmetricKl(logits, others));
    }

    /** A step of which only the targets are read. */
    private StepContext step(NDArray targets, boolean isRegression) {
        CollatedBatch.Labelled labelled = new CollatedBatch.Labelled(null, targets, Optional.empty(), isRegression);
        return new StepContext(
                scope,
                null,
                new CollatedBatch(Optional.of(labelled), Optional.empty(), OptionalInt.empty()),
                new StepRandom(1, 1));
    }
}
