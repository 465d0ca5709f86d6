package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.narration.Events;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;

class DemoLedgerTest {

    private final DemoLedger ledger = new DemoLedger();

    @Test
    void shouldStartAtNothing() {
        assertThat(ledger.steps()).isZero();
        assertThat(ledger.nextOffset()).isZero();
        assertThat(ledger.lastCheckpointJudged()).isTrue();
    }

    @Test
    void shouldSumTheExamplesOfTheCheckpointsSoFar() {
        // When
        ledger.checkpoint(Events.announcement(47, 1504, 0.1));
        ledger.checkpoint(Events.announcement(94, 1500, 0.1));

        // Then
        assertThat(ledger.examplesThrough(47)).isEqualTo(1504);
        assertThat(ledger.examplesThrough(94)).isEqualTo(3004);
        assertThat(ledger.nextOffset()).isEqualTo(94 * 40);
    }

    @Test
    void shouldCountBothCheckpointsOfAStepThatAQuarantineRepeats() {
        // Given a checkpoint whose only mini-batch was quarantined: it has the step of the one before it
        ledger.checkpoint(Events.announcement(47, 1504, 0.1));
        ledger.modelUpdate(Events.update(Verdict.PROMOTED, 47, List.of()));

        // When
        ledger.checkpoint(Events.announcement("checkpoint-47-2", 47, 0));

        // Then
        assertThat(ledger.examplesThrough(47)).isEqualTo(1504);
        assertThat(ledger.checkpoints()).hasSize(2);
        assertThat(ledger.lastCheckpointJudged()).isFalse();
    }

    @Test
    void shouldWaitForTheVerdictOnTheNewestCheckpoint() {
        // Given
        ledger.checkpoint(Events.announcement(47, 1504, 0.1));
        ledger.modelUpdate(Events.update(Verdict.PROMOTED, 47, List.of()));
        boolean judgedBefore = ledger.lastCheckpointJudged();

        // When
        ledger.checkpoint(Events.announcement(94, 1504, 0.1));

        // Then
        assertThat(judgedBefore).isTrue();
        assertThat(ledger.lastCheckpointJudged()).isFalse();
    }

    @Test
    void shouldKeepThePublishedModelOverARejection() {
        // Given
        ledger.modelUpdate(Events.update(Verdict.PROMOTED, 47, List.of()));

        // When
        ledger.modelUpdate(Events.update(Verdict.REJECTED, 94, List.of("worse")));

        // Then
        assertThat(ledger.lastPublished())
                .get()
                .extracting(update -> update.model().location())
                .isEqualTo("intent/models/47");
    }

    @Test
    void shouldKeepEvaluationsInTheOrderOfTheirSteps() {
        // When
        ledger.evaluation(Events.evaluation(94, 0.2, 0.2));
        ledger.evaluation(Events.evaluation(47, 0.1, 0.1));

        // Then
        assertThat(ledger.evaluations()).containsExactly(Events.scores(0.1, 0.1), Events.scores(0.2, 0.2));
    }
}
