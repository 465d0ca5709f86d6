package io.millrace.evaluator;

import static io.millrace.evaluator.Examples.TASK;
import static io.millrace.evaluator.Examples.evaluation;
import static io.millrace.evaluator.Examples.score;
import static io.millrace.evaluator.Examples.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

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
        TaskHistory before = TaskHistory.empty(Examples.CONFIG).after(evaluation(100, score("typos", "v1", 0.6)));

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
        TaskHistory empty = TaskHistory.empty(Examples.CONFIG);
        metrics.judged(judgement(empty, evaluation(100, score("typos", "v1", 0.6))));

        // When
        metrics.judged(judgement(empty, evaluation(200, score("typos", "v1", 0.7))));

        // Then
        assertThat(scoreOf("accuracy")).isEqualTo(0.7);
    }

    @Test
    void shouldShowOfARegressionWhatItHas() {
        // Given: no correlation at first
        TaskHistory empty = TaskHistory.empty(Examples.CONFIG);
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
        TaskHistory history = TaskHistory.empty(Examples.CONFIG);

        // When
        for (int set = 0; set <= ScoreGauges.MAX_SERIES; set++) {
            metrics.judged(judgement(history, evaluation(100, score("set-" + set, "v1", 0.6))));
        }

        // Then
        assertThat(registry.get("millrace.evaluator.forgetting").gauges()).hasSize(ScoreGauges.MAX_SERIES);
    }

    private static Judgement judgement(TaskHistory before, CheckpointEvaluation evaluation) {
        return new Judgement(
                Optional.of(evaluation),
                new DriftMonitor(0.05).events(before.series(), evaluation),
                update(Verdict.PROMOTED, evaluation.checkpoint().step(), Optional.empty()),
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
