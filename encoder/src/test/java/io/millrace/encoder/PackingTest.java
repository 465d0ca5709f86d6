package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.tokens.TokenizedText;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class PackingTest {

    @Test
    void shouldPutTextsOfLikeLengthTogetherUpToTheTokensOfAPass() {
        // Given
        List<TokenizedText> texts = texts(9, 2, 3, 10, 3, 4);

        // When
        List<List<Integer>> passes = Packing.of(texts, 12);

        // Then: with the text of 4 tokens the first would count as 4 x 4
        assertThat(passes).containsExactly(List.of(1, 2, 4), List.of(5), List.of(0), List.of(3));
    }

    @Test
    void shouldGiveATextThatIsTooLongAPassOfItsOwn() {
        assertThat(Packing.of(texts(100, 1, 100), 10)).containsExactly(List.of(1), List.of(0), List.of(2));
    }

    @Test
    void shouldPackEveryTextOnce() {
        // Given
        List<TokenizedText> texts =
                texts(IntStream.range(0, 1000).map(i -> 1 + i * 7919 % 61).toArray());

        // When
        List<List<Integer>> passes = Packing.of(texts, 256);

        // Then
        assertThat(passes.stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        assertThat(passes).allSatisfy(pass -> assertThat(pass.size()
                        * pass.stream()
                                .mapToInt(i -> texts.get(i).length())
                                .max()
                                .orElseThrow())
                .isLessThanOrEqualTo(256));
    }

    @Test
    void shouldHaveNoPassForNothing() {
        assertThat(Packing.of(List.of(), 10)).isEmpty();
    }

    private static List<TokenizedText> texts(int... lengths) {
        return IntStream.of(lengths)
                .mapToObj(length -> new TokenizedText(new int[length], new int[length], new boolean[length]))
                .toList();
    }
}
