package io.millrace.trainer.drift;

import static io.millrace.trainer.drift.DriftTasks.task;
import static io.millrace.trainer.drift.SyntheticStream.Properties.STABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.drift.SyntheticStream.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code docs/drift.md} promises at the default settings; {@code benchmarks/drift.sh} measures it on more streams. */
class DriftGuaranteeTest {

    private static final DriftConfig ALL =
            new DriftConfig(null, null, null, null, Map.of("embeddings", 10_000L), null, null, null, null);

    private static final int BATCH = 50;
    private static final int STABLE_EXAMPLES = 3_000;

    static Stream<Arguments> drifts() {
        return Stream.of(
                Arguments.of("prequentialAccuracy", STABLE.withError(0.4), 400),
                Arguments.of("labelMix", STABLE.withLabels(10), 300),
                Arguments.of("textLength", STABLE.withWords(14), 100),
                Arguments.of("textLength", STABLE.withWords(7), 100),
                Arguments.of("unknownTokens", STABLE.withUnknown(0.1), 100),
                Arguments.of("vocabulary", STABLE.withNewWords(0.3), 100),
                Arguments.of("embeddings", STABLE.withShift(2), 150));
    }

    @ParameterizedTest
    @MethodSource("drifts")
    void shouldSeeEveryDriftInOneEpisode(String metric, Properties drift, int delay) {
        for (int seed = 0; seed < 5; seed++) {
            // Given
            SyntheticStream stream = new SyntheticStream(seed, false);
            StreamDrift watch = new StreamDrift(task(ALL));
            assertThat(DriftTasks.run(watch, stream, STABLE_EXAMPLES, BATCH)).isEmpty();
            stream.become(drift);

            // When
            List<DriftEvent> started = DriftTasks.run(watch, stream, delay, BATCH).stream()
                    .filter(event -> event.phase() == DriftPhase.STARTED)
                    .toList();

            // Then
            assertThat(started)
                    .as("seed %d", seed)
                    .extracting(DriftEvent::metric)
                    .contains(metric);
            assertThat(started)
                    .extracting(event -> requireNonNull(event.episode()).id())
                    .as("seed %d", seed)
                    .allMatch(id ->
                            id.equals(requireNonNull(started.get(0).episode()).id()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRunAtLeastTheExpectedLengthWithoutDrift(boolean isBursty) {
        // Given
        int examples = 0;
        Set<String> alarms = new HashSet<>();

        // When
        for (int seed = 0; seed < 3; seed++) {
            SyntheticStream stream = new SyntheticStream(100 + seed, isBursty);
            StreamDrift watch = new StreamDrift(task(ALL));
            for (DriftEvent event : DriftTasks.run(watch, stream, 20_000, BATCH)) {
                alarms.add(
                        seed + event.metric() + requireNonNull(event.episode()).id());
            }
            examples += 20_000;
        }

        // Then: each of the six metrics may raise one false alarm per 10,000 examples
        assertThat(alarms).hasSizeLessThanOrEqualTo(6 * examples / 10_000);
    }

    @Test
    void shouldFollowTheExpectedRunLengthThatIsSet() {
        // Given: a change as small as what is tolerated, so that alarms are a matter of luck
        DriftConfig often = new DriftConfig(null, null, null, 50L, Map.of(), null, null, null, null);
        DriftConfig seldom = new DriftConfig(null, null, null, 1_000_000L, Map.of(), null, null, null, null);

        // When / Then
        assertThat(alarms(often)).isGreaterThan(alarms(seldom));
    }

    private static int alarms(DriftConfig config) {
        SyntheticStream stream = new SyntheticStream(1, true);
        StreamDrift watch = new StreamDrift(task(config));
        return DriftTasks.run(watch, stream, 20_000, BATCH).size();
    }
}
