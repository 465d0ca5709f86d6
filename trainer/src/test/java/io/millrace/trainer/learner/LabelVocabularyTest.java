package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import org.junit.jupiter.api.Test;

import java.util.List;

class LabelVocabularyTest {

    @Test
    void shouldAdmitTheLabelsOfTheModelAlone() {
        // Given
        LabelVocabulary labels = new LabelVocabulary(task(NewLabels.REJECT, 10), List.of("a", "b"));

        // When / Then
        assertThat(labels.admits("a")).isTrue();
        assertThat(labels.admits("c")).isFalse();
        assertThat(labels.admits("c")).isFalse();
    }

    @Test
    void shouldAdmitNewLabelsInTheOrderOfTheirArrivalUntilTheHeadIsFull() {
        // Given
        LabelVocabulary labels = new LabelVocabulary(task(NewLabels.GROW, 4), List.of("a", "b"));

        // When / Then
        assertThat(labels.admits("c")).isTrue();
        assertThat(labels.admits("c")).isTrue();
        assertThat(labels.admits("d")).isTrue();
        assertThat(labels.admits("e")).isFalse();
        assertThat(labels.admits("d")).isTrue();
        assertThat(labels.admits("a")).isTrue();
    }

    @Test
    void shouldCountTheLabelsThatTheModelHasLearned() {
        // Given a model that has grown before
        LabelVocabulary labels = new LabelVocabulary(task(NewLabels.GROW, 4), List.of("a", "b", "c", "d"));

        // When / Then
        assertThat(labels.admits("d")).isTrue();
        assertThat(labels.admits("e")).isFalse();
    }

    @Test
    void shouldAdmitEveryNumberOfARegression() {
        // Given
        LabelVocabulary labels =
                new LabelVocabulary(new Task("score", TaskKind.REGRESSION, List.of(), 1_000), List.of());

        // When / Then
        assertThat(labels.admits("3.5")).isTrue();
        assertThat(labels.admits("-1e3")).isTrue();
    }

    private static Task task(NewLabels newLabels, int maxLabels) {
        return new Task("sentiment", TaskKind.SINGLE, List.of("a", "b"), newLabels, maxLabels, 0.5, 1_000);
    }
}
