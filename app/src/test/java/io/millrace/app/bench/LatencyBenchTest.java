package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.LabelledExample;
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
    void shouldSendNoTextTwice() {
        // Given
        LabelledExample example = new LabelledExample("1", "is my car due", null, "oil", null, null, null);

        // When / Then: ingest drops a known text with its label, whatever the id
        assertThat(List.of(0L, 1L, 2L))
                .map(pass -> EndlessStream.distinct(example, 7 + pass, pass).text())
                .containsExactly("is my car due", "is my car due 1", "is my car due 2");
        assertThat(EndlessStream.distinct(example, 7, 1).id()).isEqualTo("bench-7");
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
