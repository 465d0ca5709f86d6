package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.tokens.TokenizedText;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

class TokenizedExamplesTest {

    @Property(tries = 500)
    void shouldDivideEverythingInOrderIntoPartsOfWhichNoneIsEmpty(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 64) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 9) int most) {
        // Given
        TokenizedExamples whole = examples(lengths);

        // When
        List<TokenizedExamples> parts = whole.parts(most);

        // Then
        assertThat(parts).hasSize(Math.min(most, lengths.size()));
        assertThat(parts).allMatch(part -> !part.labelled().isEmpty());
        assertThat(parts.stream().flatMap(part -> part.labelled().stream()))
                .containsExactlyElementsOf(whole.labelled());
        assertThat(parts.stream()
                        .flatMapToDouble(part -> Arrays.stream(part.targets()))
                        .toArray())
                .containsExactly(whole.targets());
        assertThat(parts.stream().flatMap(part -> part.unlabelled().stream()))
                .containsExactlyElementsOf(whole.unlabelled());
    }

    @Test
    void shouldGiveEachPartAboutAsManyTokens() {
        // When
        List<TokenizedExamples> parts =
                examples(List.of(60, 10, 10, 10, 10, 10, 10)).parts(2);

        // Then
        assertThat(parts).extracting(TokenizedExamples::tokens).containsExactly(60 + 3 + 4 + 5, 60 + 6 + 7);
    }

    /** Examples of these lengths, and five texts of as many tokens as their place says. */
    private static TokenizedExamples examples(List<Integer> lengths) {
        return new TokenizedExamples(
                lengths.stream().map(TokenizedExamplesTest::text).toList(),
                IntStream.range(0, lengths.size()).asDoubleStream().toArray(),
                Optional.empty(),
                false,
                IntStream.rangeClosed(3, 7)
                        .mapToObj(TokenizedExamplesTest::text)
                        .toList(),
                OptionalInt.empty());
    }

    private static TokenizedText text(int length) {
        return new TokenizedText(new int[length], new int[length], new boolean[length], false);
    }
}
