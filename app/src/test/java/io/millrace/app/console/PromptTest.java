package io.millrace.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;

class PromptTest {

    private final StringWriter shown = new StringWriter();

    @Test
    void shouldTakeTheDefaultForAnEmptyAnswerAndAtTheEndOfTheInput() {
        // Given
        Prompt prompt = prompt(" mood \n\n", true);

        // When
        String typed = prompt.ask("Name of the task", "tickets");
        String empty = prompt.ask("Name of the task", "tickets");
        String ended = prompt.ask("File", "");

        // Then
        assertThat(typed).isEqualTo("mood");
        assertThat(empty).isEqualTo("tickets");
        assertThat(ended).isEmpty();
        assertThat(shown).hasToString("Name of the task [tickets]: Name of the task [tickets]: File: ");
    }

    @Test
    void shouldAskNobodyWithoutATerminal() {
        // Given
        Prompt prompt = prompt("yes\n", false);

        // Then
        assertThat(prompt.ask("Name", "tickets")).isEqualTo("tickets");
        assertThat(prompt.confirm("Delete?")).isFalse();
        assertThat(shown).asString().isEmpty();
    }

    @Test
    void shouldTakeOnlyYesForYes() {
        assertThat(prompt("yes\n", true).confirm("Delete?")).isTrue();
        assertThat(prompt("Y\n", true).confirm("Delete?")).isTrue();
        assertThat(prompt("maybe\n", true).confirm("Delete?")).isFalse();
        assertThat(prompt("\n", true).confirm("Delete?")).isFalse();
    }

    private Prompt prompt(String typed, boolean asks) {
        return new Prompt(new PrintWriter(shown), new BufferedReader(new StringReader(typed)), asks);
    }
}
