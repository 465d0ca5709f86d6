package io.millrace.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSafeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "order_pizza", "天気", "Zürich \uD83D\uDE00", "می\u200Cخواهم", "\u200Fعربي", "a\\u202Eb"})
    void shouldShowPlainTextAsItIs(String text) {
        assertThat(LogSafe.isPlain(text)).isTrue();
        assertThat(LogSafe.quoted(text)).isEqualTo('"' + text + '"');
        assertThat(LogSafe.line(text, 100)).isEqualTo(text);
    }

    @Test
    void shouldShowWhatDeceivesAsItsEscape() {
        // Given
        String forged = "a\r\nreason: \u0000\u001B[31m\u0085\u2028\u2029\u202E\u2066\uD800";

        // When
        String line = LogSafe.line(forged, 200);

        // Then
        assertThat(line)
                .isEqualTo("a\\u000D\\u000Areason: \\u0000\\u001B[31m\\u0085\\u2028\\u2029\\u202E\\u2066\\uD800");
        assertThat(LogSafe.isPlain(forged)).isFalse();
        assertThat(LogSafe.isPlain(line)).isTrue();
    }

    @Test
    void shouldQuoteTheBeginningOfALongText() {
        assertThat(LogSafe.quoted("l".repeat(65))).isEqualTo("\"" + "l".repeat(64) + "...\" (65 characters)");
    }

    @Test
    void shouldCutALineWhetherItsTextOrItsEscapesAreTooLong() {
        assertThat(LogSafe.line("l".repeat(1_000_000), 10)).isEqualTo("lllllll...");
        assertThat(LogSafe.line("\n\n", 10)).isEqualTo("\\u000A...");
    }

    @Test
    void shouldNotCutACharacterInHalf() {
        // Given
        String faces = "x" + "\uD83D\uDE00".repeat(100);

        // When
        String line = LogSafe.line(faces, 10);
        String quoted = LogSafe.quoted(faces);

        // Then
        assertThat(line).isEqualTo("x" + "\uD83D\uDE00".repeat(3) + "...");
        assertThat(quoted).isEqualTo("\"x" + "\uD83D\uDE00".repeat(31) + "...\" (201 characters)");
    }

    @Test
    void shouldTellWhetherThereIsSomethingToSee() {
        assertThat(LogSafe.isVisible(" \n\u0000\u00A0\u2028\u200B\u200D\uFEFF\u202E"))
                .isFalse();
        assertThat(LogSafe.isVisible("")).isFalse();
        assertThat(LogSafe.isVisible("\u200B.")).isTrue();
        assertThat(LogSafe.isVisible("\uD83D\uDE00")).isTrue();
    }
}
