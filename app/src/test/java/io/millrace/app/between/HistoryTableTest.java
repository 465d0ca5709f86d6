package io.millrace.app.between;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.console.Table;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class HistoryTableTest {

    @Test
    void shouldShowWhatWasForgottenAndWhatWasWon() {
        // Given
        List<CheckpointEvaluation> evaluations = List.of(
                evaluation(100, score("known", "v1", 0.5), score("typos", "v1", 0.4)),
                evaluation(200, score("known", "v1", 0.8), score("typos", "v1", 0.3)),
                evaluation(300, score("known", "v1", 0.7), score("typos", "v1", 0.2)));

        // When
        Table table = HistoryTable.of(evaluations);

        // Then
        assertThat(table.rows())
                .containsExactly(
                        List.of("known", "in", "450", "3", "0.500", "0.800", "0.700", "0.100", "+0.200", "-", "-"),
                        List.of("typos", "in", "450", "3", "0.400", "0.400", "0.200", "0.200", "-0.200", "-", "-"));
    }

    @Test
    void shouldStartAgainWithANewVersionOfAProbeSet() {
        // Given
        List<CheckpointEvaluation> evaluations =
                List.of(evaluation(100, score("known", "v1", 0.9)), evaluation(200, score("known", "v2", 0.5)));

        // When
        Table table = HistoryTable.of(evaluations);

        // Then
        assertThat(table.rows())
                .containsExactly(
                        List.of("known", "in", "450", "1", "0.500", "0.500", "0.500", "0.000", "+0.000", "-", "-"));
    }

    @Test
    void shouldShowChurnOfTheLastCheckpointOnly() {
        // Given
        CheckpointEvaluation first = withChurn(evaluation(100, score("known", "v1", 0.5), score("typos", "v1", 0.5)));
        CheckpointEvaluation second = evaluation(200, score("typos", "v1", 0.5));

        // When
        Table table = HistoryTable.of(List.of(first, second));

        // Then
        assertThat(table.rows().get(0)).endsWith("0.125", "checkpoint-000050");
        assertThat(table.rows().get(1)).endsWith("-", "-");
    }

    @Test
    void shouldHaveNoRowsWithoutEvaluations() {
        assertThat(HistoryTable.of(List.of()).rows()).isEmpty();
    }

    private static CheckpointEvaluation withChurn(CheckpointEvaluation evaluation) {
        ModelChange change = new ModelChange("checkpoint-000050", 0.125, 0.1, 0.2, 0.5, Map.of());
        return new CheckpointEvaluation(
                evaluation.checkpoint(),
                evaluation.scores(),
                evaluation.scores().stream()
                        .map(score -> new ProbeDetails(
                                score.probeSet().name(),
                                score.probeSet().version(),
                                Map.of(),
                                Map.of(),
                                List.of(),
                                0,
                                change))
                        .toList());
    }

    private static CheckpointEvaluation evaluation(long step, ProbeScore... scores) {
        return new CheckpointEvaluation(
                new CheckpointReference("intent", "checkpoint-" + step, step, "intent/checkpoint-" + step, "sha"),
                List.of(scores));
    }

    private static ProbeScore score(String name, String version, double accuracy) {
        return new ProbeScore(
                new ProbeSetReference(name, name + version, Distribution.IN_DISTRIBUTION, 450), accuracy, 0, 0, 0);
    }
}
