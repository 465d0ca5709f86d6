package io.millrace.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class ProgressPrinterTest {

    private final StringWriter out = new StringWriter();

    @Test
    void shouldPrintLinesAboveTheBarOnATerminal() {
        // Given
        ProgressPrinter screen = new ProgressPrinter(new PrintWriter(out), true);
        screen.progress("[#.]");

        // When
        screen.line("event");

        // Then
        assertThat(out.toString()).isEqualTo("[#.]\r    \revent\n[#.]");
    }

    @Test
    void shouldTakeTheBarAwayInTheEnd() {
        // Given
        ProgressPrinter screen = new ProgressPrinter(new PrintWriter(out), true);
        screen.progress("[#.]");
        screen.endProgress();

        // When
        screen.line("table");

        // Then
        assertThat(out.toString()).isEqualTo("[#.]\r    \rtable\n");
    }

    @Test
    void shouldPrintNoBarWhereThereIsNoTerminal() {
        // Given
        ProgressPrinter screen = new ProgressPrinter(new PrintWriter(out), false);
        screen.progress("[#.]");

        // When
        screen.line("event");

        // Then
        assertThat(out.toString()).isEqualTo("event\n");
    }
}
