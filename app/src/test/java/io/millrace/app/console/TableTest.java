package io.millrace.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class TableTest {

    @Test
    void shouldAlignNumbersToTheRightAndTextsToTheLeft() {
        // Given
        Table table =
                new Table(List.of("probe set", "final"), List.of(List.of("known", "9.5 %"), List.of("new", "70.1 %")));

        // When
        List<String> lines = table.lines();

        // Then
        assertThat(lines).containsExactly("probe set   final", "known       9.5 %", "new        70.1 %");
    }

    @Test
    void shouldHaveOnlyAHeaderWithoutRows() {
        assertThat(new Table(List.of("task", "step"), List.of()).lines()).containsExactly("task  step");
    }
}
