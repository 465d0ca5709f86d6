package io.millrace.evaluator.between;

import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.schemas.CheckpointEvaluation;
import org.junit.jupiter.api.Test;

import java.util.List;

class ProbeHistoryTest {

    @Test
    void shouldGiveForgettingAndBackwardTransferPerProbeSet() {
        // Given
        List<CheckpointEvaluation> evaluations = List.of(
                evaluation(100, score("typos", "v1", 0.5), score("known", "v1", 0.5)),
                evaluation(200, score("typos", "v1", 0.8)),
                evaluation(300, score("typos", "v1", 0.625), score("known", "v1", 0.25)));

        // When
        List<ProbeHistory> histories = List.copyOf(ProbeHistory.of(evaluations));

        // Then
        assertThat(histories).extracting(history -> history.probeSet().name()).containsExactly("known", "typos");
        assertThat(histories.get(0).forgetting()).isEqualTo(0.25);
        assertThat(histories.get(0).backwardTransfer()).isEqualTo(-0.25);
        assertThat(histories.get(0).checkpoints()).isEqualTo(2);
        assertThat(histories.get(1).forgetting()).isCloseTo(0.175, within(1e-12));
        assertThat(histories.get(1).backwardTransfer()).isEqualTo(0.125);
    }

    @Test
    void shouldCountOnlyTheVersionThatWasScoredLast() {
        // Given: the old version comes back
        List<CheckpointEvaluation> evaluations = List.of(
                evaluation(100, score("typos", "v1", 0.9)),
                evaluation(200, score("typos", "v2", 0.1)),
                evaluation(300, score("typos", "v1", 0.5)));

        // When
        ProbeHistory history = ProbeHistory.of(evaluations).iterator().next();

        // Then
        assertThat(history.checkpoints()).isEqualTo(1);
        assertThat(history.forgetting()).isZero();
    }
}
