package io.millrace.trainer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.trainer.config.DriftConfig;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class PrequentialAccuracyTest {

    private final PrequentialAccuracy accuracy = new PrequentialAccuracy(new DriftConfig(10, 0.25));

    @Test
    void shouldKnowNothingBeforeTheFirstExample() {
        // When / Then
        assertThat(accuracy.value()).isNaN();
    }

    @Test
    void shouldTakeTheShareOverTheLastWindow() {
        // When
        accuracy.add(predictions(0, 10));
        accuracy.add(predictions(4, 1));

        // Then
        assertThat(accuracy.value()).isEqualTo(0.4);
    }

    @Test
    void shouldTakeTheShareOfThePredictionsSoFarBeforeTheWindowIsFull() {
        // When
        accuracy.add(predictions(1, 3));

        // Then
        assertThat(accuracy.value()).isEqualTo(0.25);
    }

    @Test
    void shouldSeeDriftStartAndRecover() {
        // Given
        accuracy.add(predictions(9, 1));

        // When / Then
        assertThat(accuracy.add(predictions(0, 2))).as("fell by 0.2").isEmpty();
        assertThat(accuracy.add(predictions(0, 1))).as("fell by 0.3").contains(DriftPhase.STARTED);
        assertThat(accuracy.isDrifting()).isTrue();
        assertThat(accuracy.add(predictions(0, 3))).as("fell further").isEmpty();
        assertThat(accuracy.add(predictions(7, 0))).as("is 0.2 below").isEmpty();
        assertThat(accuracy.add(predictions(1, 0))).as("is 0.1 below").contains(DriftPhase.RECOVERED);
        assertThat(accuracy.isDrifting()).isFalse();
    }

    @Test
    void shouldNotJudgeAWindowThatIsNotFull() {
        // When / Then
        assertThat(accuracy.add(predictions(5, 0))).isEmpty();
        assertThat(accuracy.add(predictions(0, 4))).isEmpty();
        assertThat(accuracy.isDrifting()).isFalse();
    }

    @Test
    void shouldDescribeItsReadingInTheEvent() {
        // Given
        accuracy.add(predictions(10, 0));
        accuracy.add(predictions(0, 5));

        // When
        DriftEvent event = accuracy.event("sentiment", DriftPhase.STARTED, 12);

        // Then
        assertThat(event)
                .isEqualTo(new DriftEvent(
                        "sentiment",
                        DriftPhase.STARTED,
                        "prequentialAccuracy",
                        "fall-below-best(0.250)",
                        new DriftEvent.Reading(0.5, 1, 0.5, 10),
                        12));
    }

    @Test
    void shouldSayThatDriftIsOngoingAtDoublingIntervalsAndEndItWithANewBaseline() {
        // Given: a lasting shift, with a checkpoint after each mini-batch
        accuracy.add(predictions(10, 0));
        accuracy.add(predictions(5, 5));
        List<String> told = new ArrayList<>();

        // When
        for (int checkpoint = 1; checkpoint <= 1_000; checkpoint++) {
            String number = checkpoint + " ";
            accuracy.add(predictions(5, 5)).ifPresent(phase -> told.add(number + phase));
            accuracy.checkpoint()
                    .ifPresent(phase ->
                            told.add(number + accuracy.event("a-task", phase, 1).detector()));
        }

        // Then
        String rule = "fall-below-best(0.250)";
        assertThat(told)
                .containsExactly(
                        "1 " + rule,
                        "2 " + rule,
                        "4 " + rule,
                        "8 " + rule,
                        "16 " + rule,
                        "32 " + rule,
                        "64 " + rule + ", new baseline after 64 checkpoints");
        assertThat(accuracy.isDrifting()).isFalse();
    }

    /** Right ones, then wrong ones. */
    private static boolean[] predictions(int right, int wrong) {
        boolean[] predictions = new boolean[right + wrong];
        Arrays.fill(predictions, 0, right, true);
        return predictions;
    }
}
