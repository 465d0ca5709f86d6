package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ClosingTableTest {

    @Test
    void shouldShowFirstBestAndFinalScoreOfEachProbeSet() {
        // Given
        var evaluations =
                List.of(DemoEvents.scores(0.1, 0.05), DemoEvents.scores(0.7, 0.6), DemoEvents.scores(0.65, 0.61));

        // When
        List<String> lines = ClosingTable.scores(evaluations).lines();

        // Then
        assertThat(lines)
                .containsExactly(
                        "probe set  distribution   first    best   final",
                        "known      in            10.0 %  70.0 %  65.0 %",
                        "typos      out            5.0 %  61.0 %  61.0 %");
    }

    @Test
    void shouldShowAccuracyBeforeAtAndAfterTheShift() {
        // Given
        var checkpoints = List.of(
                DemoEvents.announcement(1, 2000, 0.3),
                DemoEvents.announcement(2, 2000, 0.8),
                DemoEvents.announcement(3, 2000, 0.4),
                DemoEvents.announcement(4, 2000, 0.7));

        // When
        String shown = ClosingTable.prequentialAccuracy(checkpoints, 5025);

        // Then
        assertThat(shown).isEqualTo("before the shift 80.0 %, lowest after it 40.0 %, at the end 70.0 %");
    }

    @Test
    void shouldShowNothingOfAShiftThatWasNotReached() {
        // Given
        var checkpoints = List.of(DemoEvents.announcement(1, 2000, 0.3));

        // When
        String shown = ClosingTable.prequentialAccuracy(checkpoints, 5025);

        // Then
        assertThat(shown).isEqualTo("before the shift 30.0 %, lowest after it -, at the end 30.0 %");
    }
}
