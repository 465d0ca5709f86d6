package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdjustmentsTest {

    @Test
    void shouldMultiplyFactorsAndTakeTheLargerShare() {
        // Given
        Adjustments lowered = new Adjustments(0.5, 1, 0.25);
        Adjustments raised = new Adjustments(0.5, 2, 0.75);

        // When / Then
        assertThat(lowered.and(raised)).isEqualTo(raised.and(lowered)).isEqualTo(new Adjustments(0.25, 2, 0.75));
    }

    @Test
    void shouldNotChangeTogetherWithNothing() {
        // Given
        Adjustments replaying = new Adjustments(1, 1, 0.5);

        // When / Then
        assertThat(replaying.and(Adjustments.NONE)).isEqualTo(replaying);
        assertThat(Adjustments.NONE.and(replaying)).isEqualTo(replaying);
        assertThat(Adjustments.NONE.and(Adjustments.NONE).changesNothing()).isTrue();
        assertThat(replaying.changesNothing()).isFalse();
    }
}
