package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WaitClockTest {

    private static final long START_MS = 1_000_000_000;
    private static final long TICK_MS = 10_000;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final WaitClock clock = new WaitClock(500, WINDOW, START_MS);
    private long nowMs = START_MS;

    @Test
    void shouldStandStillForAMinuteAndThenFollowTheMachine() {
        // When
        tick(6);
        long settled = clock.timeMs();
        tick(6);

        // Then
        assertThat(settled).isEqualTo(500);
        assertThat(clock.timeMs()).isEqualTo(500 + 6 * TICK_MS);
    }

    @Test
    void shouldNotCountTheTimeInWhichIngestWasDown() {
        // Given
        tick(12);

        // When
        WaitClock restarted = new WaitClock(
                clock.timeMs(), WINDOW, nowMs + Duration.ofDays(30).toMillis());

        // Then
        assertThat(restarted.timeMs()).isEqualTo(500 + 6 * TICK_MS);
    }

    @Test
    void shouldStandStillWhileABacklogComes() {
        // Given
        tick(6);

        // When
        for (int i = 0; i < 30; i++) {
            clock.saw(nowMs, nowMs - Duration.ofHours(5).toMillis());
            tick(1);
        }
        long afterBacklog = clock.timeMs();
        clock.saw(nowMs, nowMs - 59_000);
        tick(1);

        // Then
        assertThat(afterBacklog).isEqualTo(500);
        assertThat(clock.timeMs()).isEqualTo(500 + TICK_MS);
    }

    @Test
    void shouldRunForProducersWhoseTimestampsAreAlwaysOldAfterOneWindow() {
        // When
        for (int i = 0; i < 120; i++) {
            clock.saw(nowMs, 0);
            tick(1);
        }

        // Then
        assertThat(clock.timeMs()).isEqualTo(500 + (120 - 60) * TICK_MS);
    }

    @Test
    void shouldNotLeapWithTheMachinesClock() {
        // Given
        tick(6);

        // When
        nowMs += Duration.ofDays(365).toMillis();
        tick(1);
        long leapt = clock.timeMs();
        nowMs -= Duration.ofDays(365).toMillis();
        tick(1);
        long setBack = clock.timeMs();
        tick(1);

        // Then
        assertThat(leapt).isEqualTo(500 + 60_000);
        assertThat(setBack).isEqualTo(leapt);
        assertThat(clock.timeMs()).isEqualTo(setBack + TICK_MS);
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            nowMs += TICK_MS;
            clock.tick(nowMs);
        }
    }
}
