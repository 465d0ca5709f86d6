package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static java.util.Objects.requireNonNull;
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

    @Test
    void shouldKeepTheEpisodeFromItsStartToItsEnd() {
        // Given
        Map<String, ProbeSeries> series = fold(monitor, "v1", 0.60);

        // When
        List<String> episodes = new ArrayList<>();
        for (CheckpointEvaluation evaluation : List.of(
                evaluation(200, score("typos", "v1", 0.50)),
                evaluation(300, score("typos", "v1", 0.50)),
                evaluation(400, score("typos", "v1", 0.60)))) {
            monitor.events(series, evaluation)
                    .forEach(event -> episodes.add(event.phase().wireName() + " "
                            + requireNonNull(event.episode()).id()));
            series = monitor.after(series, evaluation);
        }

        // Then
        assertThat(episodes)
                .containsExactly(
                        "started intent/checkpoint-000200",
                        "ongoing intent/checkpoint-000200",
                        "recovered intent/checkpoint-000200");
        assertThat(series).allSatisfy((name, one) -> assertThat(one.episode()).isNull());
    }

    @Test
    void shouldGroupProbeSetsThatStartToDriftOneAfterTheOther() {
        // Given
        Map<String, ProbeSeries> series =
                monitor.after(Map.of(), evaluation(100, score("typos", "v1", 0.6), score("new", "v1", 0.6)));
        CheckpointEvaluation first = evaluation(200, score("typos", "v1", 0.4), score("new", "v1", 0.6));
        series = monitor.after(series, first);

        // When
        CheckpointEvaluation second = evaluation(300, score("typos", "v1", 0.4), score("new", "v1", 0.54));
        List<DriftEvent> events = monitor.events(series, second);

        // Then
        assertThat(events).last().satisfies(event -> {
            assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
            assertThat(event.metric()).isEqualTo("accuracy/new");
            DriftEvent.Episode episode = requireNonNull(event.episode());
            assertThat(episode.id()).isEqualTo("intent/checkpoint-000200");
            assertThat(episode.metrics()).containsExactly("accuracy/new", "accuracy/typos");
            assertThat(episode.severity()).isEqualTo(DriftEvent.Severity.MINOR);
        });
        assertThat(requireNonNull(events.get(0).episode()).severity()).isEqualTo(DriftEvent.Severity.MAJOR);
    }

    @Test
    void shouldBeginAnotherEpisodeOnceTheOpenOneIsOld() {
        // Given
        Map<String, ProbeSeries> series =
                monitor.after(Map.of(), evaluation(100, score("typos", "v1", 0.6), score("new", "v1", 0.6)));
        for (long step = 200; step <= 200 + 100 * (DriftMonitor.JOINING + 1); step += 100) {
            series = monitor.after(series, evaluation(step, score("typos", "v1", 0.4), score("new", "v1", 0.6)));
        }

        // When
        Map<String, ProbeSeries> after =
                monitor.after(series, evaluation(900, score("typos", "v1", 0.4), score("new", "v1", 0.4)));

        // Then
        assertThat(requireNonNull(after.get("new")).episode()).isEqualTo("intent/checkpoint-000900");
        assertThat(requireNonNull(after.get("typos")).episode()).isEqualTo("intent/checkpoint-000200");
    }

    @Test
    void shouldReportTheEndOfADriftThatAnEarlierVersionSawStart() {
        // Given
        Map<String, ProbeSeries> series = Map.of("typos", new ProbeSeries("v1", new FallBelowBest(0.6, 0.5, true, 2)));

        // When
        List<DriftEvent> events = monitor.events(series, evaluation(400, score("typos", "v1", 0.6)));

        // Then
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.phase()).isEqualTo(DriftPhase.RECOVERED);
            assertThat(event.episode()).isNull();
        });
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
