package io.millrace.trainer.drift;

import static io.millrace.trainer.drift.DriftTasks.SMALL;
import static io.millrace.trainer.drift.DriftTasks.run;
import static io.millrace.trainer.drift.DriftTasks.task;
import static io.millrace.trainer.drift.SyntheticStream.Properties.STABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftEvent.Severity;
import io.millrace.schemas.DriftEvent.ShownExample;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
import io.millrace.trainer.config.WatchedMetric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class StreamDriftTest {

    private final SyntheticStream stream = new SyntheticStream(3, false);
    private final StreamDrift watch = new StreamDrift(task(SMALL));

    @BeforeEach
    void runStable() {
        assertThat(run(watch, stream, 1_000, 50)).isEmpty();
    }

    @Test
    void shouldGroupMetricsThatStartTogetherIntoOneEpisode() {
        // Given
        stream.become(STABLE.withError(0.9).withWords(25));

        // When
        List<DriftEvent> started = started(run(watch, stream, 100, 50));

        // Then
        assertThat(started).extracting(DriftEvent::metric).contains("prequentialAccuracy", "textLength");
        assertThat(started).extracting(event -> episode(event).id()).containsOnly("intent/3/" + beganFirst(started));
        DriftEvent last = started.get(started.size() - 1);
        assertThat(episode(last).metrics())
                .containsExactlyInAnyOrderElementsOf(
                        started.stream().map(DriftEvent::metric).toList());
    }

    private static long beganFirst(List<DriftEvent> started) {
        return requireNonNull(episode(started.get(0)).began()).first();
    }

    @Test
    void shouldBeginAnotherEpisodeAfterTheCooldown() {
        // Given
        stream.become(STABLE.withWords(25));
        List<DriftEvent> first = started(run(watch, stream, 500, 50));
        stream.become(STABLE.withWords(25).withUnknown(0.5));

        // When
        List<DriftEvent> second = started(run(watch, stream, 100, 50));

        // Then
        assertThat(first).extracting(DriftEvent::metric).contains("textLength");
        assertThat(second).singleElement().satisfies(event -> {
            assertThat(event.metric()).isEqualTo("unknownTokens");
            assertThat(episode(event).id()).isNotEqualTo(episode(first.get(0)).id());
            assertThat(episode(event).metrics()).containsExactly("unknownTokens");
        });
    }

    @Test
    void shouldSayWhereDriftBeganHowBadItIsAndWhatShowsIt() {
        // Given
        stream.become(STABLE.withNewWords(0.5));

        // When
        DriftEvent event = started(run(watch, stream, 200, 50)).stream()
                .filter(one -> one.metric().equals("vocabulary"))
                .findFirst()
                .orElseThrow();

        // Then
        assertThat(event.detector()).startsWith("e-detector(1000), tolerated 0.");
        assertThat(event.reading().magnitude()).isGreaterThan(0.2);
        assertThat(episode(event).severity()).isEqualTo(Severity.MAJOR);
        assertThat(requireNonNull(episode(event).began()).partition()).isEqualTo(3);
        assertThat(requireNonNull(episode(event).began()).first()).isBetween(980L, 1_020L);
        assertThat(episode(event).words()).isNotEmpty().allMatch(word -> word.startsWith("new"));
        assertThat(episode(event).examples()).hasSize(3).allMatch(example -> example.text()
                .contains("new"));
    }

    @Test
    void shouldShowAccuracyWhereErrorsAreCounted() {
        // Given
        stream.become(STABLE.withError(0.9));

        // When
        DriftEvent event = started(run(watch, stream, 100, 50)).get(0);

        // Then
        assertThat(event.metric()).isEqualTo("prequentialAccuracy");
        assertThat(event.reading().reference()).isBetween(0.7, 0.95);
        assertThat(event.reading().value()).isLessThan(0.4);
        assertThat(event.reading().magnitude())
                .isEqualTo(event.reading().reference() - event.reading().value());
        assertThat(episode(event).severity()).isEqualTo(Severity.MAJOR);
    }

    @Test
    void shouldRecoverOnceAWholeWindowIsTolerated() {
        // Given
        stream.become(STABLE.withUnknown(0.5));
        assertThat(started(run(watch, stream, 100, 50))).hasSize(1);
        stream.become(STABLE);

        // When
        List<DriftEvent> events = run(watch, stream, 150, 50);

        // Then
        assertThat(events).last().satisfies(event -> {
            assertThat(event.phase()).isEqualTo(DriftPhase.RECOVERED);
            assertThat(event.detector()).doesNotContain("baseline");
            assertThat(episode(event).words()).isNull();
            assertThat(episode(event).examples()).isNull();
        });
        assertThat(watch.states()).noneMatch(StreamDrift.MetricState::drifting);
    }

    @Test
    void shouldWriteAtMostEightEventsPerMetricForALastingShift() {
        // Given: no false alarms after the new baseline
        DriftConfig quiet = new DriftConfig(50, 0.2, DriftDetector.E_DETECTOR, 1_000_000L, Map.of(), null, 200, 100, 3);
        StreamDrift patient = new StreamDrift(task(quiet));
        run(patient, stream, 1_000, 50);
        stream.become(STABLE.withError(0.9)
                .withWords(25)
                .withUnknown(0.5)
                .withNewWords(0.5)
                .withLabels(3));

        // When
        List<DriftEvent> events = run(patient, stream, 20_000, 50);

        // Then
        Map<String, List<String>> phases = events.stream()
                .collect(Collectors.groupingBy(
                        DriftEvent::metric,
                        Collectors.mapping(event -> event.phase().wireName(), Collectors.toList())));
        assertThat(phases).hasSize(5);
        assertThat(phases.values()).allSatisfy(ofMetric -> assertThat(ofMetric)
                .containsExactly(
                        "started", "ongoing", "ongoing", "ongoing", "ongoing", "ongoing", "ongoing", "recovered"));
        assertThat(events)
                .filteredOn(event -> event.phase() == DriftPhase.RECOVERED)
                .allMatch(event -> event.detector().endsWith(", new baseline after 64 checkpoints"));
    }

    @Test
    void shouldKeepEventsSmallAndSafeWhateverTheTexts() {
        // Given
        List<Observation> hostile = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String text = "\u202Eevil\u0000 ".repeat(5_000);
            LabelledExample example =
                    new LabelledExample("i".repeat(256), text, text, "l\n".repeat(200), null, null, null);
            hostile.add(new Observation(1_000 + i, example, false, 1, new float[0]));
        }

        // When
        List<DriftEvent> events = watch.add(3, 1, hostile);

        // Then
        assertThat(events).isNotEmpty();
        for (DriftEvent event : events) {
            byte[] record = Topics.DRIFT.valueSerde().serializer().serialize("drift", event);
            assertThat(record).hasSizeLessThan(8_000);
            for (ShownExample example : requireNonNull(episode(event).examples())) {
                assertThat(example.id()).hasSizeLessThanOrEqualTo(128);
                assertThat(example.text()).hasSizeLessThanOrEqualTo(160).doesNotContain("\u202E", "\u0000");
                assertThat(example.label()).hasSizeLessThanOrEqualTo(64).doesNotContain("\n");
            }
        }
    }

    @Test
    void shouldShowNoTextIfExamplesAreOff() {
        // Given
        DriftConfig silent = new DriftConfig(50, 0.2, DriftDetector.E_DETECTOR, 1_000L, Map.of(), null, 200, 100, 0);
        StreamDrift quiet = new StreamDrift(task(silent));
        SyntheticStream other = new SyntheticStream(3, false);
        run(quiet, other, 1_000, 50);
        other.become(STABLE.withNewWords(0.5));

        // When
        List<DriftEvent> started = started(run(quiet, other, 200, 50));

        // Then
        assertThat(started).isNotEmpty().allSatisfy(event -> {
            assertThat(episode(event).words()).isNull();
            assertThat(episode(event).examples()).isNull();
        });
    }

    @Test
    void shouldWatchOnlyWhatIsSwitchedOn() {
        // When
        StreamDrift one =
                new StreamDrift(task(DriftTasks.only(DriftDetector.ADWIN, WatchedMetric.PREQUENTIAL_ACCURACY)));

        // Then
        assertThat(one.states()).extracting(StreamDrift.MetricState::metric).containsExactly("prequentialAccuracy");
        assertThat(watch.states())
                .extracting(StreamDrift.MetricState::metric)
                .containsExactly("prequentialAccuracy", "labelMix", "textLength", "unknownTokens", "vocabulary");
    }

    private static List<DriftEvent> started(List<DriftEvent> events) {
        return events.stream()
                .filter(event -> event.phase() == DriftPhase.STARTED)
                .toList();
    }

    private static DriftEvent.Episode episode(DriftEvent event) {
        return requireNonNull(event.episode());
    }
}
