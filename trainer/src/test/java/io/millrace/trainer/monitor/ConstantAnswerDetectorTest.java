package io.millrace.trainer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.learner.Learned;
import io.millrace.trainer.learner.StepOutcome;
import org.junit.jupiter.api.Test;

import java.util.Map;

class ConstantAnswerDetectorTest {

    private static final StepOutcome OUTCOME = new StepOutcome(true, Map.of(), 0, 0, 0);

    private final ConstantAnswerDetector watch = new ConstantAnswerDetector(4);

    @Test
    void shouldTellAModelThatAnswersWithOneClassOnce() {
        // When
        boolean early = watch.add(learned(new int[] {1, 1, 1}, true, false, true));
        boolean full = watch.add(learned(new int[] {1}, true));
        boolean again = watch.add(learned(new int[] {1, 1}, false, false));

        // Then
        assertThat(early).isFalse();
        assertThat(full).isTrue();
        assertThat(again).isFalse();
        assertThat(watch.classes()).isEqualTo(1);
    }

    @Test
    void shouldForgetAnswersThatLeaveTheWindow() {
        // Given
        watch.add(learned(new int[] {0, 1, 1, 1}, true, false, false, false));
        int before = watch.classes();

        // When
        boolean found = watch.add(learned(new int[] {1}, true));

        // Then
        assertThat(before).isEqualTo(2);
        assertThat(watch.classes()).isEqualTo(1);
        assertThat(found).isTrue();
    }

    @Test
    void shouldNotFaultAStreamOfOneLabel() {
        // When / Then
        assertThat(watch.add(learned(new int[] {1, 1, 1, 1}, true, true, true, true)))
                .isFalse();
    }

    private static Learned learned(int[] answers, boolean... right) {
        return new Learned(OUTCOME, right, answers, 0, 0);
    }
}
