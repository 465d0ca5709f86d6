package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointAnnouncement.Produced;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class ModelLatencyTest {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final ModelLatency latency = new ModelLatency(registry);
    private final Instant start = Instant.ofEpochMilli(clock.wallTime());

    @Test
    void shouldCountTheEndsOfTheRangeThatWasPromoted() {
        // When: produced 1 to 3 s after the start, promoted 10 s after it
        clock.add(10, TimeUnit.SECONDS);
        latency.judged(announcement(100, null, produced(1, 3)), Verdict.PROMOTED);

        // Then
        assertThat(timer("oldest").totalTime(TimeUnit.SECONDS)).isEqualTo(9);
        assertThat(timer("newest").totalTime(TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void shouldBeAHistogramFromATenthOfASecondToTwoDays() {
        // Given
        List<DistributionStatisticConfig> configs = new ArrayList<>();
        ModelLatency observed = new ModelLatency(new SimpleMeterRegistry() {
            @Override
            protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
                configs.add(config);
                return super.newTimer(id, config, pauses);
            }
        });

        // When
        observed.startAtZero("intent");

        // Then
        assertThat(configs).hasSize(2).allSatisfy(config -> assertThat(config.getHistogramBuckets(true))
                .hasSizeBetween(30, 100)
                .allSatisfy(nanos -> assertThat(nanos).isBetween(1e8, 1.728e14)));
    }

    @Test
    void shouldCountRejectedAncestorsWithTheFirstPromotionOfADescendant() {
        // Given
        latency.judged(announcement(100, null, produced(0, 1)), Verdict.PROMOTED);
        latency.judged(announcement(200, 100L, produced(2, 3)), Verdict.REJECTED);
        latency.judged(announcement(250, 100L, produced(2, 3)), Verdict.REJECTED);
        long before = timer("newest").count();

        // When
        clock.add(10, TimeUnit.SECONDS);
        latency.judged(announcement(300, 200L, produced(4, 5)), Verdict.PROMOTED);

        // Then: 10 s - 3 s and 10 s - 5 s, nothing of the other line
        assertThat(timer("newest").count() - before).isEqualTo(2);
        assertThat(timer("newest").totalTime(TimeUnit.SECONDS)).isEqualTo(7 + 5);
    }

    @Test
    void shouldCountAPromotionByHandOnce() {
        // Given
        latency.judged(announcement(100, null, produced(0, 1)), Verdict.REJECTED);
        latency.startAtZero("intent");

        // When
        clock.add(4, TimeUnit.SECONDS);
        latency.promoted("intent", "checkpoint-000100");
        latency.promoted("intent", "checkpoint-000100");
        latency.promoted("intent", "checkpoint-000999");

        // Then
        assertThat(timer("newest").count()).isEqualTo(1);
        assertThat(timer("newest").totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void shouldCountNothingBelowZeroAndNothingWithoutTimes() {
        // Given
        latency.startAtZero("intent");

        // When: the producer's clock is ahead
        latency.judged(announcement(100, null, produced(60, 70)), Verdict.PROMOTED);
        latency.judged(announcement(200, 100L, null), Verdict.PROMOTED);

        // Then
        assertThat(timer("oldest").count()).isEqualTo(1);
        assertThat(timer("oldest").totalTime(TimeUnit.SECONDS)).isZero();
    }

    @Test
    void shouldForgetTheFirstOfTooManyThatWait() {
        // Given
        for (int i = 0; i <= ModelLatency.MAX_WAITING; i++) {
            latency.judged(announcement(i, null, produced(0, 0)), Verdict.REJECTED);
        }
        latency.startAtZero("intent");

        // When
        latency.promoted("intent", "checkpoint-000000");
        latency.promoted("intent", "checkpoint-000001");

        // Then
        assertThat(timer("oldest").count()).isEqualTo(1);
    }

    private Produced produced(long oldest, long newest) {
        return new Produced(start.plusSeconds(oldest), start.plusSeconds(newest));
    }

    private static CheckpointAnnouncement announcement(long step, @Nullable Long parent, @Nullable Produced produced) {
        return new CheckpointAnnouncement(
                EvaluatorFixtures.checkpoint(step),
                parent == null ? null : EvaluatorFixtures.checkpoint(parent).id(),
                new OffsetRange(0, 10, 20),
                10,
                Map.of(),
                null,
                null,
                null,
                produced);
    }

    private Timer timer(String example) {
        return registry.get(ModelLatency.METER)
                .tags("task", "intent", "example", example)
                .timer();
    }
}
