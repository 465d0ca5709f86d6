package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class TextNormalizerTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("book a flight", "book a flight"),
                arguments("  book \t\r\n a   flight \n", "book a flight"),
                arguments("no\u00A0break\u2007and\u202Fnarrow", "no break and narrow"),
                arguments("line\u2028paragraph\u2029next\u0085line", "line paragraph next line"),
                arguments("be\u0000ll\u0007 and \u009Bescape", "bell and escape"),
                arguments("Cafe\u0301", "Caf\u00E9"),
                arguments("e\u0000\u0301", "\u00E9"),
                arguments("\u2000\u2001\u3000wide\u3000", "wide"),
                arguments("UPPER, lower!", "UPPER, lower!"),
                arguments("a \u0000 b", "a b"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void shouldBringATextToItsOneForm(String text, String normalized) {
        // When
        String actual = TextNormalizer.normalize(text);

        // Then
        assertThat(actual).isEqualTo(normalized);
    }

    @Test
    void shouldKeepEmojiAndTheirJoiners() {
        // Given
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";

        // When
        String actual = TextNormalizer.normalize(" " + family + " ");

        // Then
        assertThat(actual).isEqualTo(family);
    }

    @Test
    void shouldLeaveNothingOfATextWithoutVisibleCharacters() {
        // When
        String actual = TextNormalizer.normalize(" \t\u0000\u2028\u00A0\u007F ");

        // Then
        assertThat(actual).isEmpty();
    }

    @Test
    void shouldKeepAsManyMarksInARowAsAnyLanguageWrites() {
        // Given
        String tower = "x" + "\u0323".repeat(TextNormalizer.MAX_MARKS);

        // When
        String actual = TextNormalizer.normalize(tower + "\u0323 " + tower);

        // Then
        assertThat(actual).isEqualTo(tower + " " + tower);
    }

    @Test
    void shouldBringAMillionMarksIntoOrderInNoTime() {
        // Given marks that each have to be moved in front of all others
        String marks = "e" + "\u0301".repeat(500_000) + "\u0323".repeat(500_000);

        // When
        String actual = TextNormalizer.normalize(marks);

        // Then
        assertThat(actual).isEqualTo("\u00E9" + "\u0301".repeat(TextNormalizer.MAX_MARKS - 1));
    }

    @Test
    void shouldChangeNothingTheSecondTimeWhereMarksAreTakenApart() {
        // Given a mark that form C makes two of
        String once = TextNormalizer.normalize("x" + "\u0344".repeat(100));

        // When
        String twice = TextNormalizer.normalize(once);

        // Then
        assertThat(twice).isEqualTo(once).hasSize(1 + TextNormalizer.MAX_MARKS);
    }

    @Test
    void shouldChangeNothingTheSecondTime() {
        // Given
        Random random = new Random(20260131);

        for (int round = 0; round < 2000; round++) {
            String once = TextNormalizer.normalize(randomText(random));

            // When
            String twice = TextNormalizer.normalize(once);

            // Then
            assertThat(twice).as("round %d", round).isEqualTo(once);
        }
    }

    private static String randomText(Random random) {
        // Below U+3100 lie the control characters, all spaces and most combining marks.
        return random.ints(12, 0, 0x3100).mapToObj(Character::toString).collect(Collectors.joining());
    }

    @Test
    void shouldTreatCharactersOfLatinAlphabetsAloneAsBesideOthers() {
        for (char c = 0; c < 0x300; c++) {
            for (String text : List.of("a" + c + "b", c + "b", "a" + c, "a" + c + c + "b", "a" + c + " b")) {
                // The ideograph goes the long way.
                assertThat(TextNormalizer.normalize(text).strip() + "\u4e00")
                        .isEqualTo(TextNormalizer.normalize(text.stripTrailing() + "\u4e00")
                                .replace(" \u4e00", "\u4e00"));
            }
        }
    }
}
