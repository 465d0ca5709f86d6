package io.millrace.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "order_pizza", "天気", "Zürich \uD83D\uDE00", "می\u200Cخواهم", "\u200Fعربي", "a\\u202Eb"})
    void shouldShowPlainTextAsItIs(String text) {
        assertThat(ForeignText.isPlain(text)).isTrue();
        assertThat(ForeignText.quoted(text)).isEqualTo('"' + text + '"');
        assertThat(ForeignText.line(text, 100)).isEqualTo(text);
    }

    @Test
    void shouldShowWhatDeceivesAsItsEscape() {
        // Given
        String forged = "a\r\nreason: \u0000\u001B[31m\u0085\u2028\u2029\u202E\u2066\uD800";

        // When
        String line = ForeignText.line(forged, 200);

        // Then
        assertThat(line)
                .isEqualTo("a\\u000D\\u000Areason: \\u0000\\u001B[31m\\u0085\\u2028\\u2029\\u202E\\u2066\\uD800");
        assertThat(ForeignText.isPlain(forged)).isFalse();
        assertThat(ForeignText.isPlain(line)).isTrue();
    }

    @Test
    void shouldQuoteTheBeginningOfALongText() {
        assertThat(ForeignText.quoted("l".repeat(65))).isEqualTo("\"" + "l".repeat(64) + "...\" (65 characters)");
    }

    @Test
    void shouldCutALineWhetherItsTextOrItsEscapesAreTooLong() {
        assertThat(ForeignText.line("l".repeat(1_000_000), 10)).isEqualTo("lllllll...");
        assertThat(ForeignText.line("\n\n", 10)).isEqualTo("\\u000A...");
    }

    @Test
    void shouldNotCutACharacterInHalf() {
        // Given
        String faces = "x" + "\uD83D\uDE00".repeat(100);

        // When
        String line = ForeignText.line(faces, 10);
        String quoted = ForeignText.quoted(faces);

        // Then
        assertThat(line).isEqualTo("x" + "\uD83D\uDE00".repeat(3) + "...");
        assertThat(quoted).isEqualTo("\"x" + "\uD83D\uDE00".repeat(31) + "...\" (201 characters)");
    }

    @Test
    void shouldTellWhetherThereIsSomethingToSee() {
        assertThat(ForeignText.isVisible(" \n\u0000\u00A0\u2028\u200B\u200D\uFEFF\u202E"))
                .isFalse();
        assertThat(ForeignText.isVisible("")).isFalse();
        assertThat(ForeignText.isVisible("\u200B.")).isTrue();
        assertThat(ForeignText.isVisible("\uD83D\uDE00")).isTrue();
    }
}
