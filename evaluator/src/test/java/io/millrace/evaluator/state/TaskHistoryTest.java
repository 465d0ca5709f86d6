package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.current;
import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static io.millrace.evaluator.EvaluatorFixtures.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class TaskHistoryTest {

    private final TaskHistory empty = TaskHistory.empty(CONFIG);

    @Test
    void shouldMakeAPromotedModelTheCurrentOne() {
        // When
        TaskHistory history = empty.after(promoted(100, 0.5)).after(promoted(200, 0.6));

        // Then
        assertThat(history.current()).contains(current(200, score("typos", "v1", 0.6)));
        assertThat(history.promoted()).containsExactly("checkpoint-000100", "checkpoint-000200");
    }

    @Test
    void shouldKeepTheCurrentModelWhenACheckpointIsRejected() {
        // Given
        TaskHistory before = empty.after(promoted(100, 0.5));

        // When
        TaskHistory history = before.after(update(Verdict.REJECTED, 200, before.current(), score("typos", "v1", 0.1)));

        // Then
        assertThat(history.current()).isEqualTo(before.current());
        assertThat(history.promoted()).isEqualTo(before.promoted());
        assertThat(history.verdicts()).isEqualTo(2);
    }

    @Test
    void shouldTakeOverScoresThatTheCurrentModelGotOnNewerProbeSets() {
        // Given
        TaskHistory before = empty.after(promoted(100, 0.5));

        // When
        TaskHistory history = before.after(update(
                Verdict.REJECTED,
                200,
                Optional.of(current(100, score("typos", "v2", 0.7))),
                score("typos", "v2", 0.1)));

        // Then
        assertThat(history.current()).contains(current(100, score("typos", "v2", 0.7)));
    }

    @Test
    void shouldKeepTheCurrentModelWhenARejectionDoesNotNameIt() {
        // Given
        TaskHistory before = empty.after(promoted(100, 0.5));

        // When
        TaskHistory history = before.after(update(Verdict.REJECTED, 200, Optional.empty()));

        // Then
        assertThat(history.current()).isEqualTo(before.current());
    }

    @Test
    void shouldGoBackToAModelThatIsRolledBackTo() {
        // Given
        TaskHistory before =
                empty.after(promoted(100, 0.5)).after(promoted(200, 0.6)).after(promoted(300, 0.7));

        // When
        TaskHistory history =
                before.after(update(Verdict.ROLLED_BACK, 100, before.current(), score("typos", "v1", 0.5)));

        // Then
        assertThat(history.current()).contains(current(100, score("typos", "v1", 0.5)));
        assertThat(history.kept()).containsExactly("checkpoint-000200", "checkpoint-000300", "checkpoint-000100");
    }

    @Test
    void shouldRememberNoMorePromotedModelsThanAreKept() {
        // When
        TaskHistory history =
                empty.after(promoted(100, 0.5)).after(promoted(200, 0.6)).after(promoted(300, 0.7));

        // Then
        assertThat(history.promoted()).containsExactly("checkpoint-000200", "checkpoint-000300");
        assertThat(history.kept()).isEqualTo(history.promoted());
        assertThat(history.retired()).containsExactly("checkpoint-000100");
    }

    @Test
    void shouldCountAModelThatIsPromotedAgainOnce() {
        // When
        TaskHistory history =
                empty.after(promoted(100, 0.5)).after(promoted(200, 0.6)).after(promoted(100, 0.5));

        // Then
        assertThat(history.promoted()).containsExactly("checkpoint-000200", "checkpoint-000100");
    }

    @Test
    void shouldFoldEvaluationsIntoTheSeriesOfEachProbeSet() {
        // When
        TaskHistory history = empty.after(evaluation(100, score("typos", "v1", 0.6)))
                .after(evaluation(200, score("typos", "v1", 0.5)));

        // Then
        assertThat(history.series())
                .containsEntry(
                        "typos",
                        new ProbeSeries("v1", new FallBelowBest(0.6, 0.5, true, 0), "intent/checkpoint-000200"));
    }

    private static ModelUpdate promoted(long step, double accuracy) {
        return update(Verdict.PROMOTED, step, Optional.empty(), score("typos", "v1", accuracy));
    }
}
