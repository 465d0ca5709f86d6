package io.millrace.trainer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.learner.StepResult.BatchSummary;
import org.junit.jupiter.api.Test;

class ConstantAnswerDetectorTest {

    private final ConstantAnswerDetector watch = new ConstantAnswerDetector(4);

    @Test
    void shouldTellAModelThatAnswersWithOneClassOnce() {
        // When
        boolean early = watch.add(answered(new int[] {1, 1, 1}, true, false, true));
        boolean full = watch.add(answered(new int[] {1}, true));
        boolean again = watch.add(answered(new int[] {1, 1}, false, false));

        // Then
        assertThat(early).isFalse();
        assertThat(full).isTrue();
        assertThat(again).isFalse();
        assertThat(watch.classes()).isEqualTo(1);
    }

    @Test
    void shouldForgetAnswersThatLeaveTheWindow() {
        // Given
        watch.add(answered(new int[] {0, 1, 1, 1}, true, false, false, false));
        int before = watch.classes();

        // When
        boolean found = watch.add(answered(new int[] {1}, true));

        // Then
        assertThat(before).isEqualTo(2);
        assertThat(watch.classes()).isEqualTo(1);
        assertThat(found).isTrue();
    }

    @Test
    void shouldNotFaultAStreamOfOneLabel() {
        // When / Then
        assertThat(watch.add(answered(new int[] {1, 1, 1, 1}, true, true, true, true)))
                .isFalse();
    }

    private static BatchSummary answered(int[] answers, boolean... right) {
        return new BatchSummary(right, answers, 0, 0);
    }
}
