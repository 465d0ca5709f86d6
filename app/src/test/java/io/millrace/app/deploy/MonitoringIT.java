package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.deploy.AlertRules.Rule;
import io.millrace.app.deploy.Dashboards.Query;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The shipped dashboards and alerts against a real Prometheus that scrapes running services: first a healthy stream, then one with faults.
 * Alerts that take hours to fire are caused in {@code deploy/prometheus/tests}.
 */
class MonitoringIT {

    private static final int EXAMPLES = 400;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

    /** They say something about the machine of the tests, and that a tiny model learns nothing in half a minute. */
    private static final Set<String> TRUE_HERE =
            Set.of("MillraceDiskFilling", "MillraceDiskFull", "AtOnceDiskFilling", "AtOnceDiskFull", "AtOnceOneAnswer");

    @TempDir
    private static Path folder;

    private static MonitoredStream stream;
    private static LivePrometheus prometheus;
    private static Set<String> firingWhenHealthy;

    @BeforeAll
    static void runTheStreamWellAndThenWithFaults() throws Exception {
        InstalledProgram.prometheus();
        stream = new MonitoredStream(folder);
        stream.start();
        prometheus = LivePrometheus.start(folder, stream.addresses());
        await().atMost(LONG_ENOUGH).until(prometheus::ready);
        soon(() -> assertThat(prometheus.hasGivenData("sum(up) == 3")).isTrue());

        stream.sendExamples(0, EXAMPLES);
        soon(() -> assertThat(List.of(
                        "sum(millrace_trainer_examples_total{outcome=\"trained\"}) == " + EXAMPLES * 5 / 4,
                        "sum(millrace_trainer_lag) == 0",
                        "count(millrace_evaluator_score{score=\"accuracy\"}) == 4",
                        "max(millrace_trainer_probe_reuse)"))
                .allSatisfy(state ->
                        assertThat(prometheus.hasGivenData(state)).as(state).isTrue()));
        soon(() -> assertThat(prometheus.unhealthyRules()).isEmpty());
        firingWhenHealthy = prometheus.firing();
        firingWhenHealthy.removeAll(TRUE_HERE);

        stream.sendBrokenExamples(40);
        stream.acceptForNobody();
        stream.acceptTooMuch(16);
        stream.sendLongExamples(EXAMPLES, EXAMPLES + 200);
        soon(() -> assertThat(prometheus.firing()).contains("AtOnceStreamDrift", "MillraceQuarantine"));
        stream.restartTrainerWithABrokenTask();
        stream.stopAnswering("evaluator");
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
        if (stream != null) {
            stream.close();
        }
    }

    @Test
    void shouldFireNothingWhenAllIsWell() {
        assertThat(firingWhenHealthy).isEmpty();
    }

    @Test
    void shouldFireWhatIsCaused() {
        soon(() -> assertThat(prometheus.firing())
                .contains(
                        "AtOnceManyRejected",
                        "AtOnceTaskFailed",
                        "AtOnceServiceDown",
                        "MillraceRecordsNeverRead",
                        "MillraceQuarantine")
                .doesNotContain("AtOnceServiceMissing", "AtOnceCheckpointUnreadable", "AtOnceTrainingUndone"));
    }

    @Test
    void shouldGiveDataForEveryExpressionOfEveryPanel() {
        soon(() -> {
            List<String> without = new ArrayList<>();
            for (Query query : Dashboards.queries()) {
                if (!prometheus.hasGivenData(query.substituted())) {
                    without.add(query.place() + ": " + query.text());
                }
            }
            assertThat(without).isEmpty();
            assertThat(prometheus.hasGivenData("millrace_of_no_service")).isFalse();
        });
    }

    @Test
    void shouldHaveTheSeriesThatEveryRuleReads() throws IOException, InterruptedException {
        List<String> without = new ArrayList<>();
        for (Rule rule : AlertRules.all()) {
            assertThat(rule.selectors()).as(rule.alert()).isNotEmpty();
            for (String selector : rule.selectors()) {
                if (!prometheus.hasGivenData(selector)) {
                    without.add(rule.alert() + ": " + selector);
                }
            }
        }
        assertThat(without).isEmpty();
    }

    private static void soon(ThrowingRunnable check) {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(500)).untilAsserted(check);
    }
}
