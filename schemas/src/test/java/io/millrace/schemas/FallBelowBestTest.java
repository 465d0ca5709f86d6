package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

class FallBelowBestTest {

    private static final double MARGIN = 0.05;

    @Test
    void shouldStartDriftOnceTheFallReachesTheMargin() {
        // When / Then: 0.60 - 0.55 is a little less than 0.05 in binary
        assertThat(phasesOf(MARGIN, 0.60, 0.56, 0.55)).containsExactly("-", "-", "started");
    }

    @Test
    void shouldStayInDriftUntilTheFallIsHalfTheMargin() {
        // When / Then
        assertThat(phasesOf(MARGIN, 0.60, 0.50, 0.57, 0.575, 0.56))
                .containsExactly("-", "started", "ongoing", "recovered", "-");
    }

    @Test
    void shouldMeasureTheFallFromTheBestAndNotFromTheLast() {
        // When / Then
        assertThat(phasesOf(MARGIN, 0.60, 0.57, 0.54)).containsExactly("-", "-", "started");
    }

    @Test
    void shouldTakeAnyFallForDriftWithAMarginOfZero() {
        // When / Then
        assertThat(phasesOf(0, 0.60, 0.60, 0.599, 0.60)).containsExactly("-", "-", "started", "recovered");
    }

    @Test
    void shouldSayThatDriftIsOngoingAtDoublingIntervalsAndEndItWithANewBaseline() {
        // Given: a lasting shift
        List<Double> readings = new ArrayList<>(List.of(0.9));
        readings.addAll(Collections.nCopies(1_000, 0.7));

        // When
        List<String> phases = phasesOf(
                MARGIN, readings.stream().mapToDouble(Double::doubleValue).toArray());

        // Then
        assertThat(IntStream.range(0, phases.size())
                        .filter(reading -> !phases.get(reading).equals("-"))
                        .mapToObj(reading -> reading + " " + phases.get(reading)))
                .containsExactly(
                        "1 started",
                        "2 ongoing",
                        "3 ongoing",
                        "5 ongoing",
                        "9 ongoing",
                        "17 ongoing",
                        "33 ongoing",
                        "65 recovered");
    }

    @Test
    void shouldTellANewBaselineFromARecovery() {
        // Given
        FallBelowBest atTheEnd = new FallBelowBest(0.9, 0.7, true, FallBelowBest.LONGEST - 1);

        // When
        FallBelowBest settled = atTheEnd.after(0.7, MARGIN).afterCheckpoint();
        FallBelowBest recovered = atTheEnd.after(0.89, MARGIN).afterCheckpoint();

        // Then
        assertThat(settled).isEqualTo(FallBelowBest.first(0.7));
        assertThat(settled.detectorSince(atTheEnd, MARGIN))
                .isEqualTo("fall-below-best(0.050), new baseline after 64 checkpoints");
        assertThat(settled.readingSince(atTheEnd, 500).reference()).isEqualTo(0.9);
        assertThat(recovered).isEqualTo(new FallBelowBest(0.9, 0.89, false, 0));
        assertThat(recovered.detectorSince(atTheEnd, MARGIN)).isEqualTo("fall-below-best(0.050)");
    }

    @Test
    void shouldStartAgainWhenItFallsBelowTheNewBaseline() {
        // Given
        FallBelowBest settled = FallBelowBest.first(0.7);

        // When
        FallBelowBest fallen = settled.after(0.6, MARGIN);

        // Then
        assertThat(fallen.phaseSince(settled)).contains(DriftPhase.STARTED);
    }

    /** One checkpoint per reading; the one at which drift starts is not counted. */
    private static List<String> phasesOf(double margin, double... readings) {
        List<String> phases = new ArrayList<>(List.of("-"));
        FallBelowBest before = FallBelowBest.first(readings[0]);
        for (int reading = 1; reading < readings.length; reading++) {
            FallBelowBest after = before.after(readings[reading], margin);
            after = before.drifting() ? after.afterCheckpoint() : after;
            phases.add(after.phaseSince(before).map(DriftPhase::wireName).orElse("-"));
            before = after;
        }
        return phases;
    }
}
