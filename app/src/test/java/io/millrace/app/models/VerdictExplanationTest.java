package io.millrace.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Assessment;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.GateEvidence.Champion;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class VerdictExplanationTest {

    private static final OffsetRange OFFSETS = new OffsetRange(2, 100, 900);
    private static final ProbeSetReference TYPOS =
            new ProbeSetReference("typos", "v1", Distribution.OUT_OF_DISTRIBUTION, 1000);

    @Test
    void shouldShowTheNumbersAndDeriveTheVerdictAgain() {
        // When
        VerdictExplanation explanation = VerdictExplanation.of(update(Assessment.INSUFFICIENT_EVIDENCE));

        // Then
        assertThat(explanation.agrees()).isTrue();
        assertThat(explanation.lines())
                .containsExactly(
                        "checkpoint-000200: rejected, insufficient-evidence",
                        "  because",
                        "rule evidence, alpha 0.05",
                        "champion checkpoint-000100: 60 s old (old at 3600 s), 500 examples trained since (old at 1000);"
                                + " overdue at 4 times that",
                        "512 fresh examples of partition 2, offsets 100 to 900: training right on 400, champion on 390;"
                                + " S = 10, V = 50.00, E = 1.323 of 20.00",
                        "probe set  examples  accuracy   best  margin  gained  lost  difference  at least  p worse  required",
                        "typos          1000     0.600  0.610   0.020      40    41      -0.001    -0.016    0.500  yes",
                        "derived from these numbers: insufficient-evidence, as published");
    }

    @Test
    void shouldSayThatAPublishedVerdictDoesNotFollowFromItsNumbers() {
        // When
        VerdictExplanation explanation = VerdictExplanation.of(update(Assessment.IMPROVED));

        // Then
        assertThat(explanation.agrees()).isFalse();
        assertThat(explanation.lines())
                .last()
                .isEqualTo("derived from these numbers: insufficient-evidence, but improved was published");
    }

    @Test
    void shouldSayWhyThereAreNoNumbers() {
        // Given
        PublishedModel model = update(Assessment.IMPROVED).model();
        ModelUpdate old =
                new ModelUpdate(Verdict.PROMOTED, List.of(), model, List.of(), null, new Lineage(null, OFFSETS));
        ModelUpdate byHand = new ModelUpdate(
                Verdict.PROMOTED,
                List.of(),
                model,
                List.of(),
                null,
                new Lineage(null, OFFSETS),
                null,
                null,
                new ModelUpdate.Request("1", "alice", "because"));

        // Then
        assertThat(VerdictExplanation.of(old).lines())
                .last()
                .isEqualTo("the event has no evidence: an old version wrote it");
        assertThat(VerdictExplanation.of(byHand).lines())
                .last()
                .isEqualTo("the event has no evidence: the model was chosen by hand");
    }

    private static ModelUpdate update(Assessment assessment) {
        CheckpointReference checkpoint =
                new CheckpointReference("mood", "checkpoint-000200", 200, "mood/checkpoint-000200", "hash");
        return new ModelUpdate(
                assessment.promotes() ? Verdict.PROMOTED : Verdict.REJECTED,
                List.of("because"),
                new PublishedModel(checkpoint, null, null),
                List.of(new ProbeScore(TYPOS, 0.6, 0.5, 0.5, 0.1)),
                null,
                new Lineage(null, OFFSETS),
                assessment,
                new GateEvidence(
                        GateRule.EVIDENCE,
                        0.05,
                        Instant.EPOCH,
                        new FreshComparison("checkpoint-000100", 512, 400, 390, 50, OFFSETS),
                        List.of(new ProbeComparison(
                                "typos", true, 0.02, 40, 41, new BestScore("checkpoint-000100", 0.61))),
                        new Champion("checkpoint-000100", true, 60L, 3600, 500, 1000),
                        12),
                null);
    }
}
