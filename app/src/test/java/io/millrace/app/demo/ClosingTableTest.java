package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.narration.Events;
import org.junit.jupiter.api.Test;

import java.util.List;

class ClosingTableTest {

    @Test
    void shouldShowAccuracyBeforeAtAndAfterTheShift() {
        // Given
        var checkpoints = List.of(
                Events.announcement(1, 2000, 0.3),
                Events.announcement(2, 2000, 0.8),
                Events.announcement(3, 2000, 0.4),
                Events.announcement(4, 2000, 0.7));

        // When
        String shown = ClosingTable.prequentialAccuracy(checkpoints, 5025);

        // Then
        assertThat(shown).isEqualTo("before the shift 80.0 %, lowest after it 40.0 %, at the end 70.0 %");
    }

    @Test
    void shouldShowNothingOfAShiftThatWasNotReached() {
        // Given
        var checkpoints = List.of(Events.announcement(1, 2000, 0.3));

        // When
        String shown = ClosingTable.prequentialAccuracy(checkpoints, 5025);

        // Then
        assertThat(shown).isEqualTo("before the shift 30.0 %, lowest after it -, at the end 30.0 %");
    }
}
