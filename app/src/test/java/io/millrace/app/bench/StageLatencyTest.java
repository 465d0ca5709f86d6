package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

class StageLatencyTest {

    @Test
    void shouldTakeTheSmallestTimeThatIsNotBelowTheShareOfAll() {
        // Given
        long[] millis = LongStream.rangeClosed(1, 200).map(i -> 201 - i).toArray();

        // When
        StageLatency latency = StageLatency.of("trained", millis);

        // Then
        assertThat(latency).isEqualTo(new StageLatency("trained", 200, 0, 0.100, 0.198));
        assertThat(millis[0]).isEqualTo(200);
    }

    @Test
    void shouldCountAnExampleThatNeverArrivesAsTheSlowest() {
        // Given
        long[] millis = LongStream.rangeClosed(1, 100).toArray();
        millis[3] = Reached.NEVER;
        millis[7] = Reached.NEVER;

        // When
        StageLatency latency = StageLatency.of("promoted", millis);

        // Then
        assertThat(latency.missing()).isEqualTo(2);
        assertThat(latency.p50Seconds()).isEqualTo(0.052);
        assertThat(latency.p99Seconds()).isNull();
    }

    @Test
    void shouldKnowNothingOfNoExamples() {
        assertThat(StageLatency.of("trained", new long[0])).isEqualTo(new StageLatency("trained", 0, 0, null, null));
    }

    @Test
    void shouldFindWhenAnOffsetWasReached() {
        // Given
        Reached reached = new Reached();
        reached.add(10, 1_000);
        reached.add(30, 2_000);
        reached.add(30, 9_000);

        // Then
        assertThat(reached.at(0)).isEqualTo(1_000);
        assertThat(reached.at(9)).isEqualTo(1_000);
        assertThat(reached.at(10)).isEqualTo(2_000);
        assertThat(reached.at(29)).isEqualTo(2_000);
        assertThat(reached.at(30)).isEqualTo(Reached.NEVER);
    }

    @Test
    void shouldShowADashWhereThereIsNoTime() {
        // Given
        LatencyFigures figures = new LatencyFigures(
                92.5,
                74,
                60,
                20,
                18,
                1.25,
                1100L,
                List.of(
                        new StageLatency("trained", 4440, 0, 0.4, 1.25),
                        new StageLatency("promoted", 4440, 50, 3.5, null)),
                List.of());

        // When
        List<String> lines = figures.lines();

        // Then
        assertThat(lines.get(2)).matches("promoted +4,440 +50 +3\\.50 +-");
        assertThat(lines)
                .contains(
                        "capacity 92.5 examples/s, sent 74.0 examples/s for 60 s",
                        "20 checkpoints, 18 promoted, 1.25 s per verdict",
                        "peak memory 1,100 MiB");
    }
}
