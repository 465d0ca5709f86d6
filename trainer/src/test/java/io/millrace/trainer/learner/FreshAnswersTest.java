package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.FreshExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.FreshExamples;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class FreshAnswersTest {

    private final FreshAnswers fresh = new FreshAnswers();

    @Test
    void shouldKeepTheNewestExamplesWithTheirAnswers() {
        // When
        IntStream.range(0, FreshExamples.MAX + 3)
                .forEach(i -> fresh.add(List.of(example("id-" + i, "text")), new boolean[] {i % 2 == 0}));

        // Then
        assertThat(fresh.newest()).hasSize(FreshExamples.MAX);
        assertThat(fresh.newest().get(0)).isEqualTo(new FreshExample(example("id-3", "text"), false));
        assertThat(fresh.newest().get(1)).isEqualTo(new FreshExample(example("id-4", "text"), true));
    }

    @Test
    void shouldBoundTheirTexts() {
        // Given
        String quarter = "x".repeat(FreshExamples.MAX_CHARS / 4 + 1);

        // When
        IntStream.range(0, 5).forEach(i -> fresh.add(List.of(example("id-" + i, quarter)), new boolean[] {true}));

        // Then
        assertThat(fresh.newest()).extracting(one -> one.example().id()).containsExactly("id-2", "id-3", "id-4");
    }

    @Test
    void shouldBeEmptyAfterACheckpoint() {
        // Given
        fresh.add(List.of(example("1", "a")), new boolean[] {true});

        // When
        fresh.clear();

        // Then
        assertThat(fresh.newest()).isEmpty();
    }

    private static LabelledExample example(String id, String text) {
        return new LabelledExample(id, text, null, "yes", null, null, null);
    }
}
