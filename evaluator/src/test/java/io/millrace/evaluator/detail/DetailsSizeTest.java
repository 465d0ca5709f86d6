package io.millrace.evaluator.detail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScopeScore;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.SetDetails;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.PartScores;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.Sha256;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The largest evaluation: as many probe sets as there may be, the longest names, every number as long as numbers get. */
class DetailsSizeTest {

    private static final int AROUND_A_RECORD = 4096;
    private static final double LONGEST = -1.234567890123456e-300;

    /** Every attribute with a meaning, so that every score is there. */
    private static final List<LabelledExample> EXAMPLES = List.of(
            example("1", "a", Map.of("group", "x", "checklist", "c")),
            example("2", "b", Map.of("group", "x", "perturbs", "1")),
            example("3", "oos", Map.of()));

    @Test
    void shouldFitIntoARecordWithTheMostProbeSetsOfTheLongestNames() {
        // Given
        List<ScoredSet> sets = IntStream.range(0, ProbeExample.MAX_SETS)
                .mapToObj(DetailsSizeTest::largest)
                .toList();
        DetailedScores.Other current = new DetailedScores.Other("x".repeat(128), sets);

        // When
        List<ProbeDetails> details = DetailedScores.of(sets, Optional.of(current));

        // Then
        CheckpointEvaluation evaluation = new CheckpointEvaluation(
                new CheckpointReference(
                        "t".repeat(64), "x".repeat(128), Long.MAX_VALUE, "l".repeat(1024), Sha256.of("")),
                sets.stream().map(ScoredSet::score).toList(),
                details);
        byte[] record = Topics.EVALUATIONS.valueSerde().serializer().serialize(Topics.EVALUATIONS.name(), evaluation);
        assertThat(record.length + AROUND_A_RECORD)
                .isLessThan(Integer.parseInt(
                        Topics.EVALUATIONS.definition().configs().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)));
        assertThat(details).allSatisfy(set -> {
            assertThat(set.change()).isNotNull();
            assertThat(set.parts()).isNotEmpty();
            assertThat(set.leftOut()).isPositive();
            assertThat(set.parts().size() + set.leftOut()).isEqualTo(101 + 7);
        });
    }

    @Test
    void shouldLeaveNothingOutOfOneProbeSetWithNamesOfOrdinaryLength() {
        // Given
        List<PartScores> parts = IntStream.range(0, 100)
                .mapToObj(i -> part("label " + i, new Sheet().put("f1", 0.5)))
                .toList();
        ScoredSet set = set("known", new SetDetails(new Sheet(), parts, 0, scope()));

        // When
        ProbeDetails details = DetailedScores.of(List.of(set), Optional.empty()).get(0);

        // Then: and the capability
        assertThat(details.parts()).hasSize(101);
        assertThat(details.leftOut()).isZero();
    }

    @Test
    void shouldLeaveOutANameThatIsTooLongAndKeepTheOthers() {
        // Given
        PartScores huge = part("x".repeat(DetailedScores.MAX_PARTS_BYTES), new Sheet().put("f1", 0.5));
        ScoredSet set = set(
                "known", new SetDetails(new Sheet(), List.of(huge, part("a", new Sheet().put("f1", 0.5))), 0, scope()));

        // When
        ProbeDetails details = DetailedScores.of(List.of(set), Optional.empty()).get(0);

        // Then
        assertThat(details.parts()).extracting(PartScores::name).containsExactly("c", "a");
        assertThat(details.leftOut()).isEqualTo(1);
    }

    /** Characters of three bytes: the longest in UTF-8 per UTF-16 unit. */
    private static ScoredSet largest(int number) {
        String name = String.format(Locale.ROOT, "%03d", number) + "\u2600".repeat(ProbeExample.MAX_SET_CHARS - 3);
        Sheet whole = new Sheet();
        List.of("mcc", "auroc", "aupr")
                .forEach(score -> whole.put(score, OptionalDouble.empty(), "every prediction is the same label"));
        whole.put("brier", -0.123456);
        Sheet slice = new Sheet().putAll(whole);
        List.of("accuracy", "macroF1", "negativeLogLikelihood", "calibrationError")
                .forEach(score -> slice.put(score, -0.123456));
        List<PartScores> parts = IntStream.range(0, 100)
                .mapToObj(i -> part("\u2600".repeat(60) + i, slice))
                .toList();
        return set(name, new SetDetails(whole, parts, 7, scope()));
    }

    private static PartScores part(String name, Sheet sheet) {
        return sheet.part(PartScores.Kind.SLICE, "attribute", name, 1234);
    }

    private static ScoredSet set(String name, SetDetails details) {
        ProbeSet probeSet = ProbeSet.of(name, Distribution.OUT_OF_DISTRIBUTION, EXAMPLES);
        List<Answer> answers = List.of(
                new ScoredExample("a", "a", 0.5, 0.5),
                new ScoredExample("b", "a", 0.5, 0.5),
                new ScoredExample("oos", "a", 0.5, 0.5));
        return new ScoredSet(
                probeSet,
                new ProbeScore(probeSet.reference(), LONGEST, LONGEST, LONGEST, LONGEST, LONGEST, LONGEST),
                answers,
                details);
    }

    private static List<ScopeScore> scope() {
        return IntStream.range(0, EXAMPLES.size())
                .mapToObj(i -> new ScopeScore(0.123 * i, 1 / 3.0))
                .toList();
    }

    private static LabelledExample example(String id, String label, Map<String, String> attributes) {
        return new LabelledExample(id, "text", null, label, null, null, attributes);
    }
}
