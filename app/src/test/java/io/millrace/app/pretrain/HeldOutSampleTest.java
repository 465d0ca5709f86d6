package io.millrace.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

class HeldOutSampleTest {

    @Test
    void shouldHoldOutTheShareWhateverTheOrder() {
        // Given
        List<String> texts = texts(2_000);
        List<String> turned = new ArrayList<>(texts);
        Collections.shuffle(turned, new Random(1));

        // When
        HeldOutSample sample = sample(0.1, texts);

        // Then
        assertThat(sample.texts())
                .hasSizeBetween(150, 250)
                .isEqualTo(sample(0.1, turned).texts());
        assertThat(texts.stream().filter(sample::holds)).hasSameElementsAs(sample.texts());
        assertThat(sample.remaining()).isEqualTo(2_000 - sample.texts().size());
    }

    @Test
    void shouldHoldOutEqualTextsTogether() {
        // Given every text three times
        List<String> texts = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> texts.addAll(texts(300)));

        // When
        HeldOutSample sample = sample(0.2, texts);

        // Then
        assertThat(sample.texts()).doesNotHaveDuplicates().isNotEmpty();
        assertThat(sample.remaining()).isEqualTo(900 - 3L * sample.texts().size());
    }

    @Test
    void shouldHoldOutNoMoreThanATestNeeds() {
        // Given
        List<String> texts = texts(6_000);

        // When
        HeldOutSample sample = sample(0.5, texts);

        // Then
        assertThat(sample.texts()).hasSize(HeldOutSample.MOST);
        assertThat(texts.stream().filter(sample::holds)).hasSameElementsAs(sample.texts());
        assertThat(sample.remaining()).isEqualTo(5_000);
    }

    @Test
    void shouldHoldOutNothingWithoutAShare() {
        // When
        HeldOutSample sample = sample(0, texts(50));

        // Then
        assertThat(sample.texts()).isEmpty();
        assertThat(sample.remaining()).isEqualTo(50);
        assertThat(sample.holds("text 1")).isFalse();
    }

    @Test
    void shouldKeepTheBeginningOfALongText() {
        // Given a text whose limit falls into a pair of surrogates
        String longText = "a".repeat(49_999) + "\uD83D\uDE00" + "b".repeat(10);

        // When
        HeldOutSample sample = sample(0.999999, List.of(longText));

        // Then
        assertThat(sample.texts()).containsExactly("a".repeat(49_999));
        assertThat(sample.holds(longText)).isTrue();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    }

    private static HeldOutSample sample(double share, List<String> texts) {
        HeldOutSample sample = new HeldOutSample(share);
        texts.forEach(sample::add);
        return sample;
    }
}
