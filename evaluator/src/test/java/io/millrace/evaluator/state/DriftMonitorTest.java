package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class DriftMonitorTest {

    private final DriftMonitor monitor = new DriftMonitor(0.05);

    @Test
    void shouldStartDriftOnceTheFallReachesTheMargin() {
        // When
        List<String> phases = phasesOf(0.60, 0.56, 0.55);

        // Then: 0.60 - 0.55 is a little less than 0.05 in binary
        assertThat(phases).containsExactly("-", "-", "started");
    }

    @Test
    void shouldStayInDriftUntilTheFallIsHalfTheMargin() {
        // When
        List<String> phases = phasesOf(0.60, 0.50, 0.57, 0.575, 0.56);

        // Then
        assertThat(phases).containsExactly("-", "started", "ongoing", "recovered", "-");
    }

    @Test
    void shouldMeasureTheFallFromTheBestAndNotFromTheLast() {
        // When
        List<String> phases = phasesOf(0.60, 0.57, 0.54);

        // Then
        assertThat(phases).containsExactly("-", "-", "started");
    }

    @Test
    void shouldTakeAnyFallForDriftWithAMarginOfZero() {
        // Given
        DriftMonitor strict = new DriftMonitor(0);

        // When
        List<String> phases = phasesOf(strict, "v1", 0.60, 0.60, 0.599, 0.60);

        // Then
        assertThat(phases).containsExactly("-", "-", "started", "recovered");
    }

    @Test
    void shouldTellWhatItSaw() {
        // Given
        Map<String, ProbeSeries> before = monitor.after(Map.of(), evaluation(100, score("typos", "v1", 0.6)));

        // When
        List<DriftEvent> events =
                monitor.events(before, evaluation(200, score("typos", "v1", 0.5), score("new", "v1", 0.1)));

        // Then
        assertThat(events).hasSize(1);
        DriftEvent event = events.get(0);
        assertThat(event.task()).isEqualTo("intent");
        assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
        assertThat(event.metric()).isEqualTo("accuracy/typos");
        assertThat(event.detector()).isEqualTo("fall-below-best(0.050)");
        assertThat(event.step()).isEqualTo(200);
        assertThat(event.reading().value()).isEqualTo(0.5);
        assertThat(event.reading().reference()).isEqualTo(0.6);
        assertThat(event.reading().magnitude()).isCloseTo(0.1, within(1e-12));
        assertThat(event.reading().window()).isEqualTo(1000);
    }

    @Test
    void shouldStartANewSeriesAndEndOpenDriftWithANewVersionOfTheProbeSet() {
        // Given
        Map<String, ProbeSeries> drifting = fold(monitor, "v1", 0.60, 0.50);

        // When
        CheckpointEvaluation onNewVersion = evaluation(300, score("typos", "v2", 0.40));

        // Then
        assertThat(monitor.events(drifting, onNewVersion))
                .extracting(DriftEvent::phase)
                .containsExactly(DriftPhase.RECOVERED);
        assertThat(monitor.after(drifting, onNewVersion))
                .containsEntry("typos", new ProbeSeries("v2", FallBelowBest.first(0.40)));
    }

    @Test
    void shouldEndTheSeriesAndTheDriftOfASetThatIsNoLongerScored() {
        // Given
        Map<String, ProbeSeries> before = fold(monitor, "v1", 0.60, 0.50);
        CheckpointEvaluation withoutIt = evaluation(300, score("new", "v1", 0.3));

        // When
        List<DriftEvent> events = monitor.events(before, withoutIt);
        Map<String, ProbeSeries> after = monitor.after(before, withoutIt);

        // Then: what a task keeps does not grow with the probe sets that it once had
        assertThat(after).containsOnlyKeys("new");
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.phase()).isEqualTo(DriftPhase.RECOVERED);
            assertThat(event.metric()).isEqualTo("accuracy/typos");
            assertThat(event.detector()).endsWith(", the probe set is no longer scored");
        });
    }

    @Test
    void shouldEndALastingShiftWithANewBaseline() {
        // Given
        double[] accuracies = new double[1_000];
        Arrays.fill(accuracies, 0.4);
        accuracies[0] = 0.6;

        // When
        List<String> phases = phasesOf(accuracies);

        // Then
        assertThat(phases.stream().filter(phase -> !phase.equals("-")))
                .containsExactly(
                        "started", "ongoing", "ongoing", "ongoing", "ongoing", "ongoing", "ongoing", "recovered");
    }

    private List<String> phasesOf(double... accuracies) {
        return phasesOf(monitor, "v1", accuracies);
    }

    private static List<String> phasesOf(DriftMonitor monitor, String version, double... accuracies) {
        List<String> phases = new ArrayList<>();
        Map<String, ProbeSeries> series = Map.of();
        for (double accuracy : accuracies) {
            CheckpointEvaluation evaluation = evaluation(100, score("typos", version, accuracy));
            List<DriftEvent> events = monitor.events(series, evaluation);
            phases.add(events.isEmpty() ? "-" : events.get(0).phase().wireName());
            series = monitor.after(series, evaluation);
        }
        return phases;
    }

    private static Map<String, ProbeSeries> fold(DriftMonitor monitor, String version, double... accuracies) {
        Map<String, ProbeSeries> series = Map.of();
        for (double accuracy : accuracies) {
            series = monitor.after(series, evaluation(100, score("typos", version, accuracy)));
        }
        return series;
    }
}
