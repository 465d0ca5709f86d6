package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class LabelMappingTest {

    private static final List<String> THREE_WAY = List.of("contradiction", "entailment", "neutral");
    private static final List<String> TWO_WAY = List.of("entailment", "non-entailment");

    @Test
    void shouldLetEveryLabelAnswerForItself() {
        // Given
        LabelMapping mapping = LabelMapping.between(List.of("no", "yes"), List.of("yes", "no"));

        // When
        ScoredExample scored = mapping.score("no", new float[] {0.25f, 0.75f});

        // Then
        assertThat(scored).isEqualTo(new ScoredExample("no", "yes", 0.25, 0.75));
    }

    @Test
    void shouldGiveALabelThatTheModelDoesNotKnowNoProbability() {
        // Given
        LabelMapping mapping = LabelMapping.between(List.of("no", "yes"), List.of("maybe"));

        // When
        ScoredExample scored = mapping.score("maybe", new float[] {0.25f, 0.75f});

        // Then
        assertThat(scored.labelProbability()).isZero();
        assertThat(scored.correct()).isFalse();
    }

    @Test
    void shouldSumNeutralAndContradictionToNonEntailment() {
        // Given
        LabelMapping mapping = LabelMapping.between(THREE_WAY, TWO_WAY);

        // When
        ScoredExample scored = mapping.score("non-entailment", new float[] {0.25f, 0.125f, 0.625f});

        // Then
        assertThat(scored).isEqualTo(new ScoredExample("non-entailment", "non-entailment", 0.875, 0.875));
    }

    @Test
    void shouldTakeTheMostProbableOfTheModelsOwnLabelsFirst() {
        // Given: entailment is the most probable of three, though not of two
        LabelMapping mapping = LabelMapping.between(THREE_WAY, TWO_WAY);

        // When
        ScoredExample scored = mapping.score("non-entailment", new float[] {0.3f, 0.4f, 0.3f});

        // Then
        assertThat(scored.predicted()).isEqualTo("entailment");
        assertThat(scored.confidence()).isCloseTo(0.4, within(1e-6));
        assertThat(scored.labelProbability()).isCloseTo(0.6, within(1e-6));
    }

    @Test
    void shouldKeepThreeLabelsApartOnThreeWayProbes() {
        // Given
        LabelMapping mapping = LabelMapping.between(THREE_WAY, THREE_WAY);

        // When
        ScoredExample scored = mapping.score("neutral", new float[] {0.5f, 0.25f, 0.25f});

        // Then
        assertThat(scored).isEqualTo(new ScoredExample("neutral", "contradiction", 0.25, 0.5));
    }

    @Test
    void shouldKeepATwoWayModelAsItIs() {
        // Given
        LabelMapping mapping = LabelMapping.between(TWO_WAY, TWO_WAY);

        // When
        ScoredExample scored = mapping.score("non-entailment", new float[] {0.25f, 0.75f});

        // Then
        assertThat(scored).isEqualTo(new ScoredExample("non-entailment", "non-entailment", 0.75, 0.75));
    }

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        // Given
        LabelMapping mapping = LabelMapping.between(TWO_WAY, TWO_WAY);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mapping.score("entailment", new float[] {1f}))
                .withMessageContaining("expected 2, got 1");
    }
}
