package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class LatencyBenchTest {

    @Test
    void shouldTakeProbesFromAllOfASortedFile() {
        assertThat(LatencyBench.spread(List.of("a", "a", "a", "b", "b", "b", "c", "c", "c"), 4))
                .containsExactly("a", "a", "b", "c");
    }

    @Test
    void shouldTakeAllProbesOfAFileThatHasFewer() {
        assertThat(LatencyBench.spread(List.of("a", "b"), 4)).containsExactly("a", "b");
    }

    @Test
    void shouldTellWhyCheckpointsWereRejected() {
        // Given
        LatencyFigures figures = new LatencyFigures(
                null,
                90,
                60,
                3,
                1,
                1.5,
                null,
                List.of(),
                List.of(
                        new TimedVerdict("checkpoint-000001", 1, "not-inferior", List.of("nowhere worse")),
                        new TimedVerdict("checkpoint-000002", 3, "regressed", List.of("worse on known")),
                        new TimedVerdict("checkpoint-000003", 5, "regressed", List.of("worse on typos", "old"))));

        // When / Then
        assertThat(figures.lines())
                .contains("1 not-inferior, the last: nowhere worse", "2 regressed, the last: worse on typos");
    }
}
