package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import io.millrace.evaluator.gate.ProbeMargin;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.GateRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What the gate promises, held against streams of simulated checkpoints. */
class GateProofTest {

    private static final double CHURN = 0.1;

    /** Every champion is old: the probe sets alone decide. A checkpoint has ten examples. */
    private static final EvaluationConfig AGED = config(new EvidenceConfig(null, null, CHURN, null, 10L, null));

    /** No champion gets old: only fresh examples promote. */
    private static final EvaluationConfig YOUNG =
            config(new EvidenceConfig(null, null, CHURN, null, Long.MAX_VALUE, null));

    /** Every champion is overdue: whatever is within the margins of the best promoted scores is promoted. */
    private static final EvaluationConfig FRESHEST = config(new EvidenceConfig(null, null, CHURN, null, 0L, 0));

    @Test
    void shouldNeverHoldACheckpointAgainstItself() {
        for (int run = 0; run < 1_000; run++) {
            // Given
            GateSimulation stream = new GateSimulation(run, AGED, 3, 50);

            // When / Then
            assertThat(stream.judge(0, 0, 0)).isEqualTo(Assessment.NOT_INFERIOR);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 300", "6, 300", "3, 3000"})
    void shouldRarelyRejectAnEquallyGoodTwin(int sets, int examples) {
        // When
        long rejected = rejectedTwins(AGED, sets, examples);

        // Then: power 0.8 is asked for
        report("of 1,000 equally good twins on %d sets of %d, %d rejected", sets, examples, rejected);
        assertThat(rejected).isLessThanOrEqualTo(200);
    }

    @Test
    void shouldRejectMoreTwinsByAFixedMargin() {
        // Given
        EvaluationConfig margin = EvaluationConfig.defaults().withGate(GateRule.MARGIN, EvidenceConfig.defaults());

        // When
        long rejected = rejectedTwins(margin, 3, 300);

        // Then: more than the fifth that is asked for above
        report("of 1,000 equally good twins on 3 sets of 300, %d rejected by the margin 0.02 alone", rejected);
        assertThat(rejected).isGreaterThan(200);
    }

    private static long rejectedTwins(EvaluationConfig config, int sets, int examples) {
        return IntStream.range(0, 1_000)
                .filter(run -> !new GateSimulation(run, config, sets, examples)
                        .judge(0, CHURN / 2, CHURN / 2)
                        .promotes())
                .count();
    }

    @Test
    void shouldRarelyFindTwinsImproved() {
        // When: a champion meets 20 twins, each with 512 fresh examples
        long improved = IntStream.range(0, 1_000)
                .filter(run -> {
                    GateSimulation stream = new GateSimulation(run, YOUNG, 1, 50);
                    return IntStream.range(0, 20)
                            .anyMatch(i -> stream.judge(0, CHURN / 2, CHURN / 2) == Assessment.IMPROVED);
                })
                .count();

        // Then: alpha 0.05 is promised per champion
        report("of 1,000 champions that each met 20 equally good twins, %d lost to one as improved", improved);
        assertThat(improved).isLessThanOrEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({"300", "3000"})
    void shouldNotErodeThroughManySmallLosses(int examples) {
        // Given: 50 candidates, each one point worse than the one before
        GateSimulation stream = new GateSimulation(1, AGED, 3, examples);
        List<Double> first = stream.accuracies();

        // When
        for (int candidate = 0; candidate < 50; candidate++) {
            stream.judge(stream.newest(), 0.02, 0.03);
        }

        // Then
        double margin = ProbeMargin.of(
                AGED, GateSimulation.probeSets(1, examples).get(0).reference(), 3);
        double loss = stream.largestLossSince(first);
        report("50 candidates, each a point worse, 3 sets of %d: %.3f lost, margin %.3f", examples, loss, margin);
        assertThat(loss).isLessThanOrEqualTo(margin + 1e-9);
    }

    @Test
    void shouldPromoteABetterOneWithinThePredictedNumberOfExamples() {
        // When: 5 points better at 10 % churn, of which the median is 585 examples
        int[] checkpoints = IntStream.range(0, 200)
                .map(run -> {
                    GateSimulation stream = new GateSimulation(run, YOUNG, 3, 300);
                    return IntStream.rangeClosed(1, 50)
                            .filter(i -> stream.judge(0, 0.075, 0.025) == Assessment.IMPROVED)
                            .findFirst()
                            .orElseThrow();
                })
                .sorted()
                .toArray();

        // Then: checkpoints hold 512 fresh examples
        report(
                "5 points better: promoted after %d checkpoints of 512 examples (median), %d (95 %%)",
                checkpoints[100], checkpoints[190]);
        assertThat(checkpoints[100]).isLessThanOrEqualTo(2);
        assertThat(checkpoints[190]).isLessThanOrEqualTo(4);
    }

    @Test
    void shouldPromoteWhatIsAsGoodAsTheChampionAfterAnySequence() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 300; run++) {
            // Given: checkpoints that are better and worse, by luck and in truth
            GateSimulation stream = new GateSimulation(run, AGED, 3, 300);
            for (int i = 0; i < 30; i++) {
                long parent = random.nextBoolean() ? stream.champion() : stream.newest();
                stream.judge(parent, random.nextDouble() / 8, random.nextDouble() / 8);
            }

            // When / Then: up to three in ten answers differ, half of them each way
            assertThat(stream.judgeEqual(random.nextInt(45))).isEqualTo(Assessment.NOT_INFERIOR);
        }
    }

    @Test
    void shouldLetTwinsFollowLuckyTwins() {
        // When: after 50 twins of one model, some promoted by luck, more twins follow
        int[] waits = IntStream.range(0, 100)
                .map(run -> {
                    GateSimulation stream = new GateSimulation(run, AGED, 3, 300);
                    IntStream.range(0, 50).forEach(i -> stream.judge(0, CHURN / 2, CHURN / 2));
                    return IntStream.rangeClosed(1, 200)
                            .filter(i -> stream.judge(0, CHURN / 2, CHURN / 2).promotes())
                            .findFirst()
                            .orElseThrow();
                })
                .sorted()
                .toArray();

        // Then
        report(
                "after 50 twins of which the gate took the lucky ones, the next is promoted after %d checkpoints"
                        + " (median), %d (95 %%), %d (worst of 100)",
                waits[50], waits[95], waits[99]);
        assertThat(waits[99]).isLessThanOrEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"300", "3000"})
    void shouldPromoteMostTwinsWhereChampionsAreOverdueAtOnce(int examples) {
        // Given
        int[] rejected = new int[20];

        // When: the luckiest of them must not keep out the others
        for (int run = 0; run < rejected.length; run++) {
            GateSimulation stream = new GateSimulation(run, FRESHEST, 3, examples);
            for (int twin = 0; twin < 50; twin++) {
                rejected[run] += stream.judge(0, CHURN / 2, CHURN / 2).promotes() ? 0 : 1;
            }
        }

        // Then: as many as the paired test may reject
        int all = IntStream.of(rejected).sum();
        report("overdue at once: of 1,000 twins on 3 sets of %d, %d rejected", examples, all);
        assertThat(all).isLessThanOrEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"AGED, 1, 0.06", "FRESHEST, 1, 0.6", "FRESHEST, 1.5, 0.2", "FRESHEST, 2, 0.05"})
    void shouldSeldomPromoteALoss(String rule, double margins, double atMost) {
        // Given
        EvaluationConfig config = rule.equals("AGED") ? AGED : FRESHEST;
        double loss = margins
                * ProbeMargin.of(config, GateSimulation.probeSets(1, 300).get(0).reference(), 1);

        // When: each is worse than the best and only promoted model, by so much
        long promoted = IntStream.range(0, 1_000)
                .filter(run -> new GateSimulation(run, config, 1, 300)
                        .judge(0, CHURN / 2, CHURN / 2 + loss)
                        .promotes())
                .count();

        // Then
        report(
                "%s: of 1,000 checkpoints that lose %.3f, %.1f margins, %d promoted",
                rule.equals("AGED") ? "old" : "overdue at once", loss, margins, promoted);
        assertThat(promoted / 1000.0).isLessThanOrEqualTo(atMost);
    }

    @Test
    void shouldNotErodeWhereChampionsAreOverdueAtOnce() {
        // Given: 50 candidates, each one point worse than the one before
        GateSimulation stream = new GateSimulation(1, FRESHEST, 3, 300);
        List<Double> first = stream.accuracies();

        // When
        for (int candidate = 0; candidate < 50; candidate++) {
            stream.judge(stream.newest(), 0.02, 0.03);
        }

        // Then
        double margin =
                ProbeMargin.of(FRESHEST, GateSimulation.probeSets(1, 300).get(0).reference(), 3);
        double loss = stream.largestLossSince(first);
        report("overdue at once: 50 candidates, each a point worse: %.3f lost, margin %.3f", loss, margin);
        assertThat(loss).isLessThanOrEqualTo(margin + 1e-9);
    }

    private static EvaluationConfig config(EvidenceConfig evidence) {
        return EvaluationConfig.defaults().withGate(GateRule.EVIDENCE, evidence);
    }

    private static void report(String format, Object... values) {
        System.out.printf("gate: " + format + "%n", values);
    }
}
