package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class DivergencesTest {

    private final NDManager scope = NDManager.newBaseManager();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void shouldComeToTheSumOfBothDivergences() {
        // Given P = (1/2, 1/2) and Q = (4/5, 1/5), then KL(P||Q) + KL(Q||P) = 0.3 ln 4
        NDArray p = logits(0, 0);
        NDArray q = logits(Math.log(0.8), Math.log(0.2));

        // When / Then
        assertThat(Divergences.symmetricKl(p, q).getFloat()).isCloseTo((float) (0.3 * Math.log(4)), within(1e-6f));
    }

    @Test
    void shouldBeZeroForTheSameDistribution() {
        // When / Then
        assertThat(Divergences.symmetricKl(logits(1, -2, 3), logits(1, -2, 3)).getFloat())
                .isZero();
        assertThat(Divergences.symmetricKl(logits(1, -2, 3), logits(6, 3, 8)).getFloat())
                .as("logits that differ in a constant")
                .isCloseTo(0, within(1e-6f));
    }

    @Test
    void shouldBeSymmetric() {
        // Given
        NDArray p = logits(1, -2, 3);
        NDArray q = logits(-1, 0, 2);

        // When
        float oneWay = Divergences.symmetricKl(p, q).getFloat();

        // Then
        assertThat(oneWay).isPositive().isEqualTo(Divergences.symmetricKl(q, p).getFloat());
    }

    @Test
    void shouldStayFiniteForExtremeLogits() {
        // When / Then
        assertThat(Divergences.symmetricKl(logits(5_000, -5_000), logits(-5_000, 5_000))
                        .getFloat())
                .isEqualTo(20_000);
    }

    @Test
    void shouldWeighEveryExampleInTheMeanCrossEntropy() {
        // Given
        NDArray logits = scope.create(new float[] {0, 0, (float) Math.log(3), 0}, new Shape(2, 2));
        NDArray targets = scope.create(new long[] {1, 0});
        NDArray weights = scope.create(new float[] {1, 5});

        // When
        float plain =
                Divergences.crossEntropy(logits, targets, Optional.empty()).getFloat();
        float weighted =
                Divergences.crossEntropy(logits, targets, Optional.of(weights)).getFloat();

        // Then
        assertThat(plain).isCloseTo((float) (Math.log(2) + Math.log(4.0 / 3)) / 2, within(1e-6f));
        assertThat(weighted).isCloseTo((float) (Math.log(2) + 5 * Math.log(4.0 / 3)) / 2, within(1e-6f));
    }

    @Test
    void shouldTakeTheMeanOfSquaredDifferences() {
        // Given
        NDArray p = scope.create(new float[] {1, -2}, new Shape(2, 1));
        NDArray q = scope.create(new float[] {4, 0}, new Shape(2, 1));

        // When / Then
        assertThat(Divergences.squaredDistance(p, q).getFloat()).isEqualTo((9 + 4) / 2f);
    }

    @Test
    void shouldWeighEveryExampleInTheMeanSquaredError() {
        // Given
        NDArray scores = scope.create(new float[] {1, -2}, new Shape(2, 1));
        NDArray targets = scope.create(new float[] {4, 0});
        NDArray weights = scope.create(new float[] {1, 5});

        // When
        float plain =
                Divergences.squaredError(scores, targets, Optional.empty()).getFloat();
        float weighted =
                Divergences.squaredError(scores, targets, Optional.of(weights)).getFloat();

        // Then
        assertThat(plain).isEqualTo((9 + 4) / 2f);
        assertThat(weighted).isEqualTo((9 + 5 * 4) / 2f);
    }

    @Test
    void shouldTakeAScoreOfOneExample() {
        // Given
        NDArray score = scope.create(new float[] {3}, new Shape(1, 1));

        // When / Then
        assertThat(Divergences.squaredError(score, scope.create(new float[] {1}), Optional.empty())
                        .getFloat())
                .isEqualTo(4);
    }

    @Test
    void shouldTakeTheNegativeLogLikelihoodOfEveryTarget() {
        // Given
        NDArray logits = scope.create(new float[] {0, 0, (float) Math.log(3), 0}, new Shape(2, 2));

        // When
        float[] tokenNll =
                Divergences.tokenNll(logits, scope.create(new long[] {1, 0})).toFloatArray();

        // Then
        assertThat(tokenNll)
                .containsExactly(new float[] {(float) Math.log(2), (float) Math.log(4.0 / 3)}, within(1e-6f));
    }

    private NDArray logits(double... values) {
        float[] row = new float[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) values[i];
        }
        return scope.create(row, new Shape(1, row.length));
    }
}
