package io.millrace.evaluator.gate;

import static io.millrace.evaluator.EvaluatorFixtures.score;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Assessment;
import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.GateEvidence.Champion;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class GateTest {

    private static final Champion YOUNG = new Champion("champion", true, 60L, 3600, 500, 1000);
    private static final Champion OLD = new Champion("champion", true, 60L, 3600, 1000, 1000);
    private static final FreshComparison BETTER = fresh(900, 800);
    private static final FreshComparison EQUAL = fresh(850, 850);
    private static final ProbeComparison PASSED = probe("typos", true, 40, 41, null);
    private static final List<ProbeScore> SCORES = List.of(score("typos", "v1", 0.6));

    @Test
    void shouldPromoteWhatIsBetterOnFreshExamplesAndNowhereWorse() {
        // When
        Gate.Decision decision = decide(BETTER, YOUNG, PASSED);

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.IMPROVED);
        assertThat(decision.reasons())
                .singleElement()
                .asString()
                .startsWith(
                        "better than the champion: right on 900 of 1000 fresh examples, the champion on 800, evidence ")
                .endsWith(" of 20.0");
    }

    @Test
    void shouldWaitForEvidenceWhileTheChampionIsYoung() {
        // When
        Gate.Decision decision = decide(EQUAL, YOUNG, PASSED);

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.INSUFFICIENT_EVIDENCE);
        assertThat(decision.reasons())
                .singleElement()
                .asString()
                .startsWith("not shown to be better: right on 850 of 1000 fresh examples, the champion on 850")
                .endsWith("; the champion is 60 s (replaced at 3600 s) and 500 examples (replaced at 1000) old");
    }

    @Test
    void shouldReplaceAnOldChampionByWhatIsNowhereWorse() {
        assertThat(decide(EQUAL, OLD, PASSED).assessment()).isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decide(null, new Champion("champion", true, 3600L, 3600, 1, 1000), PASSED)
                        .assessment())
                .isEqualTo(Assessment.NOT_INFERIOR);
    }

    @Test
    void shouldReplaceAnOverdueChampionByWhatIsWithinTheMarginOfTheBestPromotedScores() {
        // Given
        Champion overdue = new Champion("champion", true, 60L, 3600, 4000, 1000);

        // Then
        assertThat(decide(EQUAL, overdue, probe("typos", true, 10, 50, new BestScore("checkpoint-000007", 0.61)))
                        .assessment())
                .isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decide(EQUAL, overdue, probe("typos", true, 10, 50, new BestScore("checkpoint-000007", 0.63)))
                        .assessment())
                .isEqualTo(Assessment.REGRESSED);
    }

    @Test
    void shouldNeedNoFreshExamplesWhereEveryChampionIsOverdueAtOnce() {
        // When
        Gate.Decision decision = decide(null, new Champion("champion", true, 2L, 3600, 32, 0), PASSED);

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decision.reasons())
                .containsExactly("within the margins of the best promoted scores, and the champion is overdue,"
                        + " 2 s (replaced at 3600 s) and 32 examples (replaced at 0) old");
    }

    @Test
    void shouldReplaceAChampionWhoseFilesAreGone() {
        // Given
        Champion gone = new Champion("champion", false, null, 3600, 0, 1000);

        // When
        Gate.Decision decision = decide(null, gone, probe("typos", true, null, null, null));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decision.reasons())
                .containsExactly("the champion cannot be used any more: its files are gone or broken");
    }

    @Test
    void shouldKeepOutWhatIsShownWorseThanTheChampionHoweverGoodOnFreshExamples() {
        // When
        Gate.Decision decision = decide(BETTER, OLD, probe("typos", true, 10, 50, null));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.REGRESSED);
        assertThat(decision.reasons())
                .containsExactly(
                        "worse than the champion: 10 answers gained and 50 lost of 1000 on typos, p = 8.1e-08");
    }

    @Test
    void shouldKeepOutWhatMayBeWorseThanTheChampion() {
        // When
        Gate.Decision decision = decide(BETTER, OLD, probe("typos", true, 45, 55, null));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.INSUFFICIENT_EVIDENCE);
        assertThat(decision.reasons())
                .containsExactly(
                        "a loss of the margin 0.020 cannot be ruled out: 45 answers gained and 55 lost of 1000 on typos");
    }

    @Test
    void shouldKeepOutWhatIsFarBelowTheBestPromotedScoreThoughNotBelowTheChampion() {
        // When
        Gate.Decision decision =
                decide(BETTER, OLD, probe("typos", true, 0, 0, new BestScore("checkpoint-000007", 0.6201)));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.REGRESSED);
        assertThat(decision.reasons())
                .containsExactly("accuracy on typos is 0.600, more than the margin 0.020 below the best promoted 0.620"
                        + " of checkpoint-000007");
    }

    @Test
    void shouldLetAFallOfExactlyTheMarginPass() {
        // 0.62 - 0.6 is a little more than 0.02 in binary
        assertThat(decide(BETTER, OLD, probe("typos", true, 0, 0, new BestScore("checkpoint-000007", 0.62)))
                        .assessment())
                .isEqualTo(Assessment.IMPROVED);
    }

    @Test
    void shouldOnlyMentionAnAdvisoryProbeSet() {
        // When
        Gate.Decision decision = decide(BETTER, YOUNG, probe("typos", false, 10, 50, null));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.IMPROVED);
        assertThat(decision.reasons()).hasSize(2).last().asString().endsWith("; this probe set is advisory");
    }

    @Test
    void shouldPromoteTheFirstModelAndSaySo() {
        // When
        Gate.Decision decision = decide(null, null, probe("typos", true, null, null, null));

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decision.reasons()).containsExactly("there was no champion to compare with");
    }

    @Test
    void shouldSayThatNothingGuardsAgainstForgettingWithoutProbeSets() {
        // When
        Gate.Decision decision = Gate.decide(evidence(GateRule.EVIDENCE, BETTER, YOUNG, List.of()), List.of());

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.IMPROVED);
        assertThat(decision.reasons()).last().isEqualTo("there is no probe set, so nothing guards against forgetting");
    }

    @Test
    void shouldLookAtTheBestPromotedScoresAloneByTheMarginRule() {
        // Given
        ProbeComparison worseThanTheChampion = probe("typos", true, 0, 100, new BestScore("checkpoint-000007", 0.61));

        // When
        Gate.Decision decision =
                Gate.decide(evidence(GateRule.MARGIN, null, YOUNG, List.of(worseThanTheChampion)), SCORES);

        // Then
        assertThat(decision.assessment()).isEqualTo(Assessment.NOT_INFERIOR);
        assertThat(decision.reasons())
                .containsExactly("on no probe set more than the margin below the best promoted score");
    }

    private static Gate.Decision decide(
            @Nullable FreshComparison fresh, @Nullable Champion champion, ProbeComparison probe) {
        return Gate.decide(evidence(GateRule.EVIDENCE, fresh, champion, List.of(probe)), SCORES);
    }

    private static GateEvidence evidence(
            GateRule rule, @Nullable FreshComparison fresh, @Nullable Champion champion, List<ProbeComparison> probes) {
        return new GateEvidence(rule, 0.05, Instant.EPOCH, fresh, probes, champion, 0);
    }

    private static ProbeComparison probe(
            String name, boolean required, @Nullable Integer gained, @Nullable Integer lost, @Nullable BestScore best) {
        return new ProbeComparison(name, required, 0.02, gained, lost, best);
    }

    private static FreshComparison fresh(long live, long champion) {
        return new FreshComparison("champion", 1000, live, champion, 120, new OffsetRange(0, 0, 1000));
    }
}
