package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;

class DemoLinesTest {

    @Test
    void shouldShowACheckpointWithItsLossTermsAndAccuracy() {
        // When
        String line = DemoLines.checkpoint(DemoEvents.announcement(47, 1504, 0.123), 6016);

        // Then
        assertThat(line)
                .isEqualTo(
                        "checkpoint  step    47    6,016 examples   smoothness 0.0125  task 2.5000  test-then-train 12.3 %");
    }

    @Test
    void shouldShowAPromotionWithItsScores() {
        // When
        String line = DemoLines.modelUpdate(DemoEvents.update(Verdict.PROMOTED, 47, List.of()));

        // Then
        assertThat(line).isEqualTo("promoted    step    47  in: known 71.2 %  out: typos 50.0 %");
    }

    @Test
    void shouldShowWhyACheckpointWasRejected() {
        // When
        String line = DemoLines.modelUpdate(
                DemoEvents.update(Verdict.REJECTED, 47, List.of("known lost too much", "typos too")));

        // Then
        assertThat(line).startsWith("rejected    step    47").endsWith("(known lost too much; typos too)");
    }

    @Test
    void shouldShowDrift() {
        // Given
        DriftEvent event = new DriftEvent(
                "intent",
                DriftPhase.STARTED,
                "prequentialAccuracy",
                "detector",
                new DriftEvent.Reading(0.41, 0.78, 0.37, 500),
                160);

        // When
        String line = DemoLines.drift(event);

        // Then
        assertThat(line).isEqualTo("drift       step   160  prequentialAccuracy started: 0.410, reference 0.780");
    }

    @Test
    void shouldShowHowFarTheStreamHasCome() {
        assertThat(DemoLines.progress(7_500, 15_000, 250))
                .isEqualTo("[###############...............] 7,500 of 15,000 examples  250/s, 0:30 left");
    }

    @Test
    void shouldShowNoSpeedBeforeThereIsOne() {
        assertThat(DemoLines.progress(0, 15_000, 0)).isEqualTo("[..............................] 0 of 15,000 examples");
    }

    @Test
    void shouldNotGoPastTheEndOfTheBar() {
        assertThat(DemoLines.progress(120, 100, 0)).isEqualTo("[##############################] 100 of 100 examples");
    }
}
