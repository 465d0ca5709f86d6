package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static io.millrace.evaluator.EvaluatorFixtures.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.evaluator.state.DriftMonitor;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

class EvaluatorMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EvaluatorMetrics metrics = new EvaluatorMetrics(registry, List.of(TASK));

    @Test
    void shouldHaveEveryCounterFromTheStart() {
        // Then
        assertThat(count("checkpoints", "task", "intent", "verdict", "promoted"))
                .isZero();
        assertThat(count("checkpoints", "task", "intent", "verdict", "rejected"))
                .isZero();
        assertThat(count("checkpoints", "task", "_none", "verdict", "skipped")).isZero();
        assertThat(count("checkpoints", "task", "_none", "verdict", "retried")).isZero();
        assertThat(count("drift", "task", "intent", "phase", "recovered")).isZero();
    }

    @Test
    void shouldCountAJudgementAndShowItsScores() {
        // Given
        TaskHistory before =
                TaskHistory.empty(EvaluatorFixtures.CONFIG).after(evaluation(100, score("typos", "v1", 0.6)));

        // When
        metrics.judged(judgement(before, evaluation(200, score("typos", "v1", 0.5))));

        // Then
        assertThat(count("checkpoints", "task", "intent", "verdict", "promoted"))
                .isEqualTo(1);
        assertThat(count("drift", "task", "intent", "phase", "started")).isEqualTo(1);
        assertThat(scoreOf("accuracy")).isEqualTo(0.5);
        assertThat(scoreOf("macro_f1")).isEqualTo(0.1);
        assertThat(scoreOf("negative_log_likelihood")).isEqualTo(0.2);
        assertThat(scoreOf("calibration_error")).isEqualTo(0.3);
        assertThat(registry.get("millrace.evaluator.forgetting").gauge().value())
                .isCloseTo(0.1, within(1e-12));
    }

    @Test
    void shouldShowTheNewestScores() {
        // Given
        TaskHistory empty = TaskHistory.empty(EvaluatorFixtures.CONFIG);
        metrics.judged(judgement(empty, evaluation(100, score("typos", "v1", 0.6))));

        // When
        metrics.judged(judgement(empty, evaluation(200, score("typos", "v1", 0.7))));

        // Then
        assertThat(scoreOf("accuracy")).isEqualTo(0.7);
    }

    @Test
    void shouldShowOfARegressionWhatItHas() {
        // Given: no correlation at first
        TaskHistory empty = TaskHistory.empty(EvaluatorFixtures.CONFIG);
        ProbeSetReference typos = score("typos", "v1", 0.6).probeSet();
        metrics.judged(judgement(empty, evaluation(100, ProbeScore.ofRegression(typos, 0.6, 0.75, null))));

        // When
        metrics.judged(judgement(empty, evaluation(200, ProbeScore.ofRegression(typos, 0.7, 0.5, 0.25))));

        // Then
        assertThat(registry.get("millrace.evaluator.score").gauges())
                .extracting(gauge -> gauge.getId().getTag("score"))
                .containsExactlyInAnyOrder("accuracy", "mean_squared_error", "pearson");
        assertThat(scoreOf("accuracy")).isEqualTo(0.7);
        assertThat(scoreOf("mean_squared_error")).isEqualTo(0.5);
        assertThat(scoreOf("pearson")).isEqualTo(0.25);
    }

    @Test
    void shouldGiveGaugesToABoundedNumberOfProbeSets() {
        // Given
        TaskHistory history = TaskHistory.empty(EvaluatorFixtures.CONFIG);

        // When
        ProbeScore[] scores = IntStream.rangeClosed(0, ScoreGauges.MAX_SERIES)
                .mapToObj(set -> score("set-" + set, "v1", 0.6))
                .toArray(ProbeScore[]::new);
        metrics.judged(judgement(history, evaluation(100, scores)));

        // Then
        assertThat(registry.get("millrace.evaluator.forgetting").gauges()).hasSize(ScoreGauges.MAX_SERIES);
    }

    @Test
    void shouldShowNoScoresOfASetThatIsNoLongerScored() {
        // Given
        TaskHistory empty = TaskHistory.empty(EvaluatorFixtures.CONFIG);
        metrics.judged(judgement(empty, evaluation(100, score("typos", "v1", 0.6))));

        // When
        metrics.judged(judgement(empty, evaluation(200, score("known", "v1", 0.7))));

        // Then
        assertThat(registry.get("millrace.evaluator.forgetting").gauges())
                .extracting(gauge -> gauge.getId().getTag("probe_set"))
                .containsExactly("known");
    }

    @Test
    void shouldShowNothingOfATaskThatAnotherEvaluatorHasNow() {
        // Given
        metrics.received(new ConsumerRecord<>("checkpoints", 2, 0, "intent", new byte[0]));
        metrics.judged(
                judgement(TaskHistory.empty(EvaluatorFixtures.CONFIG), evaluation(100, score("typos", "v1", 0.6))));
        metrics.assigned(Map.of(1, OptionalLong.of(0), 2, OptionalLong.of(7)));
        assertThat(registry.get("millrace.evaluator.lag")
                        .tag("partition", "2")
                        .gauge()
                        .value())
                .isEqualTo(7);

        // When
        metrics.assigned(Map.of(1, OptionalLong.of(3)));

        // Then
        assertThat(registry.find("millrace.evaluator.score").gauges()).isEmpty();
        assertThat(registry.find("millrace.evaluator.forgetting").gauges()).isEmpty();
        assertThat(registry.get("millrace.evaluator.lag").gauges())
                .extracting(gauge -> gauge.getId().getTag("partition"))
                .containsExactly("1");
    }

    @Test
    void shouldShowATaskThatComesBack() {
        // Given
        TaskHistory empty = TaskHistory.empty(EvaluatorFixtures.CONFIG);
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("checkpoints", 2, 0, "intent", new byte[0]);
        metrics.received(record);
        metrics.judged(judgement(empty, evaluation(100, score("typos", "v1", 0.6))));
        metrics.assigned(Map.of());

        // When
        metrics.received(record);
        metrics.judged(judgement(empty, evaluation(200, score("typos", "v1", 0.7))));
        System.gc();

        // Then
        assertThat(scoreOf("accuracy")).isEqualTo(0.7);
    }

    private static Judgement judgement(TaskHistory before, CheckpointEvaluation evaluation) {
        return new Judgement(
                Optional.of(evaluation),
                new DriftMonitor(0.05).events(before.series(), evaluation),
                update(Verdict.PROMOTED, evaluation.checkpoint().step(), Optional.empty()),
                before,
                before.after(evaluation));
    }

    private double count(String name, String... tags) {
        return registry.get("millrace.evaluator." + name).tags(tags).counter().count();
    }

    private double scoreOf(String score) {
        return registry.get("millrace.evaluator.score")
                .tags("task", "intent", "probe_set", "typos", "distribution", "out", "score", score)
                .gauge()
                .value();
    }
}
