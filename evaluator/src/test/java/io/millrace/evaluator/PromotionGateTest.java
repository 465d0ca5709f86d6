package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.current;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class PromotionGateTest {

    private final PromotionGate gate = new PromotionGate(CONFIG);

    @Test
    void shouldPromoteWithoutAWordWhenNothingFallsByMoreThanItsMargin() {
        // Given
        var reference = current(100, score("known", "v1", 0.700), score("typos", "v1", 0.553));

        // When
        PromotionGate.Decision decision =
                gate.decide(List.of(score("known", "v1", 0.9), score("typos", "v1", 0.540)), Optional.of(reference));

        // Then
        assertThat(decision).isEqualTo(new PromotionGate.Decision(Verdict.PROMOTED, List.of()));
    }

    @Test
    void shouldRejectWithOneSentenceAProbeSetThatFellTooFar() {
        // Given
        var reference = current(100, score("known", "v1", 0.700), score("new", "v1", 0.8), score("typos", "v1", 0.553));

        // When
        PromotionGate.Decision decision = gate.decide(
                List.of(score("known", "v1", 0.9), score("new", "v1", 0.65), score("typos", "v1", 0.501)),
                Optional.of(reference));

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(decision.reasons())
                .containsExactly(
                        "accuracy on new fell from 0.800 to 0.650, more than the margin 0.100",
                        "accuracy on typos fell from 0.553 to 0.501, more than the margin 0.020");
    }

    @Test
    void shouldUseTheMarginOfAProbeSetThatHasItsOwn() {
        // Given
        var reference = current(100, score("new", "v1", 0.8));

        // When
        PromotionGate.Decision decision = gate.decide(List.of(score("new", "v1", 0.71)), Optional.of(reference));

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
    }

    @Test
    void shouldLetAFallOfExactlyTheMarginPass() {
        // Given: 0.553 - 0.533 is a little more than 0.02 in binary
        var reference = current(100, score("typos", "v1", 0.553));

        // When
        PromotionGate.Decision decision = gate.decide(List.of(score("typos", "v1", 0.533)), Optional.of(reference));

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
    }

    @Test
    void shouldPromoteTheFirstModelAndSaySo() {
        // When
        PromotionGate.Decision decision = gate.decide(List.of(score("typos", "v1", 0.1)), Optional.empty());

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(decision.reasons()).containsExactly("there was no current model to compare with");
    }

    @Test
    void shouldPromoteWithoutProbeSetsAndSaySo() {
        // When
        PromotionGate.Decision decision = gate.decide(List.of(), Optional.of(current(100)));

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(decision.reasons()).containsExactly("there is no probe set, so nothing was compared");
    }

    @Test
    void shouldNotCompareScoresOnTwoVersionsOfAProbeSet() {
        // Given
        var reference = current(100, score("typos", "v1", 0.9));

        // When
        PromotionGate.Decision decision = gate.decide(List.of(score("typos", "v2", 0.1)), Optional.of(reference));

        // Then
        assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(decision.reasons())
                .containsExactly("typos was not compared: the current model has no score on this version");
    }
}
