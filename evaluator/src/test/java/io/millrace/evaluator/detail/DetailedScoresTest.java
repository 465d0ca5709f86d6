package io.millrace.evaluator.detail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.evaluator.score.ScoredSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.PartScores;
import io.millrace.schemas.ProbeDetails;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class DetailedScoresTest {

    @Test
    void shouldKeepTheScoresOfTheSetAndAddNoneThatDoesNotApply() {
        // Given
        ScoredSet plain = known().example("1", "a", "a").set();

        // When
        ProbeDetails details = of(plain).get(0);

        // Then
        assertThat(details.probeSet()).isEqualTo("known");
        assertThat(details.version()).isEqualTo(plain.probeSet().reference().version());
        assertThat(details.scores()).isEqualTo(Map.of("mcc", 0.5));
        assertThat(details.undefined()).isEmpty();
        assertThat(details.parts()).isEmpty();
        assertThat(details.change()).isNull();
    }

    @Test
    void shouldCountAContrastSetAsRightOnlyIfAllOfItIs() {
        // Given: one group is right, one half right, and one has a single example
        ScoredSet set = known().example("1", "a", "a", "group", "x")
                .example("2", "b", "b", "group", "x")
                .example("3", "a", "a", "group", "y")
                .example("4", "b", "a", "group", "y")
                .example("5", "a", "a", "group", "z")
                .example("6", "a", "b")
                .set();

        // When / Then
        assertThat(of(set).get(0).scores()).containsEntry("consistency", 0.5);
    }

    @Test
    void shouldSayThatNoGroupIsAContrastSet() {
        // Given
        ScoredSet set = known().example("1", "a", "a", "group", "x").set();

        // When / Then
        assertThat(of(set).get(0).undefined()).containsEntry("consistency", "no group has two examples");
    }

    @Test
    void shouldCompareOriginalsWithPerturbedTexts() {
        // Given: originals 1 (right) and 2 (wrong); of four perturbed texts one is right and two flip
        ScoredSet set = known().example("1", "a", "a")
                .example("2", "a", "b")
                .example("3", "a", "a")
                .example("4", "a", "a", "perturbs", "1")
                .example("5", "a", "b", "perturbs", "1")
                .example("6", "a", "b", "perturbs", "2")
                .example("7", "a", "c", "perturbs", "2")
                .example("8", "a", "a", "perturbs", "gone")
                .set();

        // When
        ProbeDetails details = of(set).get(0);

        // Then: 1/2 - 1/4
        assertThat(details.scores()).containsEntry("robustnessGap", 0.25).containsEntry("flipRate", 0.5);
    }

    @Test
    void shouldFindOriginalsInAnotherProbeSet() {
        // Given
        ScoredSet originals = known().example("q/1", "a", "a").set();
        ScoredSet perturbed = new Answered("typos", Distribution.OUT_OF_DISTRIBUTION)
                .example("1", "a", "b", "perturbs", "known/q/1")
                .set();

        // When
        List<ProbeDetails> details = of(originals, perturbed);

        // Then
        assertThat(details.get(0).scores()).doesNotContainKey("robustnessGap");
        assertThat(details.get(1).scores()).containsEntry("robustnessGap", 1.0).containsEntry("flipRate", 1.0);
    }

    @Test
    void shouldSayThatNoOriginalIsThere() {
        // Given
        ScoredSet set = known().example("1", "a", "a", "perturbs", "gone").set();

        // When / Then
        assertThat(of(set).get(0).undefined())
                .isEqualTo(Map.of(
                        "robustnessGap", "no example names an original that is there",
                        "flipRate", "no example names an original that is there"));
    }

    @Test
    void shouldGiveTheFailureRateOfEachCapability() {
        // Given: negation is tested by its labels, names by invariance, and the answer to b1 is wrong but unchanged
        ScoredSet set = known().example("a1", "a", "a", "checklist", "negation")
                .example("a2", "a", "b", "checklist", "negation")
                .example("a3", "a", "a", "checklist", "negation")
                .example("b0", "a", "b")
                .example("b1", "a", "b", "checklist", "names", "perturbs", "b0")
                .example("b2", "a", "a", "checklist", "names", "perturbs", "b0")
                .example("c1", "a", "a", "checklist", "order", "perturbs", "gone")
                .set();

        // When
        List<PartScores> parts = of(set).get(0).parts();

        // Then
        assertThat(parts).extracting(PartScores::kind).containsOnly(PartScores.Kind.CAPABILITY);
        assertThat(parts).extracting(PartScores::name).containsExactly("negation", "names", "order");
        assertThat(parts).extracting(PartScores::examples).containsExactly(3, 2, 0);
        assertThat(parts.get(0).scores().get("failureRate")).isCloseTo(1.0 / 3, within(1e-6));
        assertThat(parts.get(1).scores()).isEqualTo(Map.of("failureRate", 0.5));
        assertThat(parts.get(2).undefined()).containsOnlyKeys("failureRate");
    }

    @Test
    void shouldTellTextsOutOfScopeFromThoseOfTheSameSet() {
        // Given: by label and by attribute; 3 of 6 pairs are in order, and the lower text in scope decides what passes
        ScoredSet set = known().example("1", "a", "a", 0.9)
                .example("2", "b", "b", 0.5)
                .example("3", "oos", "a", 0.4)
                .example("4", "oos", "a", 0.6)
                .example("5", "a", "a", 0.95, "scope", "out")
                .set();

        // When
        Map<String, Double> scores = of(set).get(0).scores();

        // Then
        assertThat(scores.get("oosAurocProbability")).isEqualTo(0.5);
        assertThat(scores.get("oosAurocEnergy")).isEqualTo(0.5);
        assertThat(scores.get("oosFpr95Probability")).isCloseTo(2.0 / 3, within(1e-6));
        assertThat(scores.get("oosFpr95Energy")).isCloseTo(2.0 / 3, within(1e-6));
    }

    @Test
    void shouldCompareASetOfTextsOutOfScopeWithThoseInDistribution() {
        // Given
        ScoredSet known = known().example("1", "a", "a", 0.9).set();
        ScoredSet shifted = new Answered("new", Distribution.OUT_OF_DISTRIBUTION)
                .example("1", "a", "a", 0.1)
                .set();
        ScoredSet oos = new Answered("oos", Distribution.OUT_OF_DISTRIBUTION)
                .example("1", "oos", "a", 0.5)
                .set();

        // When
        List<ProbeDetails> all = of(known, oos, shifted);
        List<ProbeDetails> alone = of(oos);

        // Then
        assertThat(all.get(1).scores()).containsEntry("oosAurocProbability", 1.0);
        assertThat(all.get(1).scores()).containsEntry("oosFpr95Energy", 0.0);
        assertThat(alone.get(0).undefined().values())
                .hasSize(4)
                .containsOnly("no text is in scope, here or in a probe set in distribution");
    }

    @Test
    void shouldCompareWithTheCurrentModelWhereItWasAsked() {
        // Given
        ScoredSet before = known().example("1", "a", "a").example("2", "a", "b").set();
        ScoredSet now = known().example("1", "a", "a").example("2", "a", "a").set();
        ScoredSet unasked = new Answered("typos", Distribution.OUT_OF_DISTRIBUTION)
                .example("1", "a", "a")
                .set();
        DetailedScores.Other current = new DetailedScores.Other("checkpoint-000100", List.of(before));

        // When
        List<ProbeDetails> details = DetailedScores.of(List.of(now, unasked), Optional.of(current));

        // Then
        assertThat(details.get(0).change().from()).isEqualTo("checkpoint-000100");
        assertThat(details.get(0).change().newlyRight()).isEqualTo(0.5);
        assertThat(details.get(1).change()).isNull();
    }

    @Test
    void shouldTakeTheNumbersOfARegressionForTheSameWithinItsTolerance() {
        // Given
        ScoredSet set = known().number("1", 3, 3.4)
                .number("2", 3, 3.8, "perturbs", "1")
                .number("3", 3, 2, "perturbs", "1")
                .set();

        // When / Then
        assertThat(of(set).get(0).scores()).containsEntry("robustnessGap", 1.0).containsEntry("flipRate", 0.5);
    }

    private static Answered known() {
        return new Answered("known", Distribution.IN_DISTRIBUTION);
    }

    private static List<ProbeDetails> of(ScoredSet... sets) {
        return DetailedScores.of(Arrays.asList(sets), Optional.empty());
    }
}
