package io.millrace.app.narration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ScoreBoardTest {

    @Test
    void shouldShowFirstBestAndFinalScoreOfEachProbeSet() {
        // Given
        var evaluations = List.of(Events.scores(0.1, 0.05), Events.scores(0.7, 0.6), Events.scores(0.65, 0.61));

        // When
        List<String> lines = ScoreBoard.of(evaluations).table().lines();

        // Then
        assertThat(lines)
                .containsExactly(
                        "probe set  distribution   first    best   final",
                        "known      in            10.0 %  70.0 %  65.0 %",
                        "typos      out            5.0 %  61.0 %  61.0 %");
    }
}
