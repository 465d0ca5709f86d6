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
        ProgressPrinter printer = new ProgressPrinter(new PrintWriter(out), true);
        printer.progress("[#.]");

        // When
        printer.line("event");

        // Then
        assertThat(out.toString()).isEqualTo("[#.]\r    \revent\n[#.]");
    }

    @Test
    void shouldTakeTheBarAwayInTheEnd() {
        // Given
        ProgressPrinter printer = new ProgressPrinter(new PrintWriter(out), true);
        printer.progress("[#.]");
        printer.endProgress();

        // When
        printer.line("table");

        // Then
        assertThat(out.toString()).isEqualTo("[#.]\r    \rtable\n");
    }

    @Test
    void shouldPrintNoBarWhereThereIsNoTerminal() {
        // Given
        ProgressPrinter printer = new ProgressPrinter(new PrintWriter(out), false);
        printer.progress("[#.]");

        // When
        printer.line("event");

        // Then
        assertThat(out.toString()).isEqualTo("event\n");
    }
}
