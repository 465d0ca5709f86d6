package io.millrace.app.narration;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

class NarratorTest {

    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final StringWriter out = new StringWriter();
    private final AtomicReference<Double> loss = new AtomicReference<>(1.25);

    @Test
    void shouldTellOfProgressOnlyWhereThereWasSome() {
        // Given
        ProgressLines progress = new ProgressLines(metrics, 0);
        count("millrace.ingest.received", 10);
        count("millrace.ingest.accepted", 10);
        metrics.gauge(
                "millrace.trainer.loss", Tags.of("task", "intent", "term", "totalLoss"), loss, AtomicReference::get);
        metrics.counter("millrace.trainer.examples", "task", "intent", "outcome", "trained")
                .increment(8);

        // When / Then
        assertThat(progress.changed(2_000_000_000L))
                .containsExactly(
                        "ingest      received 10 = accepted 10 + rejected 0 + duplicate 0  5/s",
                        "training    intent  4 examples/s  loss 1.250");
        assertThat(progress.changed(4_000_000_000L)).isEmpty();
    }

    @Test
    void shouldTellWhyExamplesWereRejectedAndOnlyOnce() {
        // Given
        Narrator narrator = narrator(false, false);
        rejected("empty-text", 1);
        rejected("unknown-label", 2);

        // When
        narrator.tellProgress();
        rejected("empty-text", 3);
        narrator.tellProgress();
        narrator.tellProgress();

        // Then
        assertThat(out.toString().lines())
                .containsExactly(
                        "examples    intent  3 rejected: unknown-label 2, empty-text 1  (./millrace rejected list --task"
                                + " intent shows them)",
                        "examples    intent  3 rejected: empty-text 3");
    }

    @Test
    void shouldSumUpWhatHappenedAtTheEnd() {
        // Given
        Narrator narrator = narrator(false, false);
        narrator.checkpoint(Events.announcement(47, 1504, 0.5));
        narrator.evaluation(Events.evaluation(47, 0.5, 0.4));
        narrator.modelUpdate(Events.update(Verdict.PROMOTED, 47, List.of()));
        narrator.checkpoint(Events.announcement(94, 1504, 0.5));
        narrator.evaluation(Events.evaluation(94, 0.4, 0.4));
        narrator.modelUpdate(Events.update(Verdict.REJECTED, 94, List.of("worse")));
        count("millrace.ingest.received", 3010);
        count("millrace.ingest.accepted", 3008);
        rejected("empty-text", 2);

        // When
        narrator.close();

        // Then
        assertThat(out.toString().lines().skip(4))
                .startsWith(
                        "examples    intent  2 rejected: empty-text 2  (./millrace rejected list --task intent shows them)",
                        "",
                        "ingest           received 3,010 = accepted 3,008 + rejected 2 + duplicate 0",
                        "rejected         empty-text 2",
                        "trained          intent: 3,008 examples, step 94, checkpoints written: 2",
                        "verdicts         intent: 1 promoted, 1 rejected",
                        "                 probe set  distribution   first    best   final",
                        "                 known      in            50.0 %  50.0 %  40.0 %",
                        "                 typos      out           40.0 %  40.0 %  40.0 %",
                        "try the model    ./millrace predict --checkpoint store/intent/models/47 \"a text of yours\"")
                .last()
                .asString()
                .startsWith("wall time        ");
    }

    @Test
    void shouldTellNothingWhenNothingHappened() {
        // When
        narrator(false, false).close();

        // Then
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldKeepQuietWhenAsked() {
        // Given
        Narrator narrator = narrator(true, false);
        rejected("empty-text", 1);

        // When
        narrator.checkpoint(Events.announcement(47, 1504, 0.5));
        narrator.tellProgress();
        narrator.close();

        // Then
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldShowOneTaskInFullAndSeveralAsASum() {
        // Given
        ProgressLines progress = new ProgressLines(metrics, 0);
        metrics.counter("millrace.trainer.examples", "task", "intent", "outcome", "trained")
                .increment(40);

        // When / Then
        assertThat(progress.status(2_000_000_000L)).isEqualTo("intent  20 examples/s");
        metrics.counter("millrace.trainer.examples", "task", "mood", "outcome", "trained")
                .increment(40);
        assertThat(progress.status(4_000_000_000L)).isEqualTo("2 tasks  20 examples/s  0 waiting");
    }

    @Test
    void shouldMeasureSpeedOverTheLastTenSeconds() {
        // Given
        Speed speed = new Speed(0);
        long second = 1_000_000_000L;

        // When
        for (int at = 0; at <= 20; at++) {
            speed.perSecond(at * second, at * 100.0);
        }

        // Then
        assertThat(speed.perSecond(30 * second, 2000)).isZero();
        assertThat(speed.perSecond(35 * second, 2500)).isEqualTo(500 / 15.0);
    }

    private void count(String name, int count) {
        metrics.counter(name, "task", "intent").increment(count);
    }

    private void rejected(String reason, int count) {
        metrics.counter("millrace.ingest.rejected", "task", "intent", "reason", reason)
                .increment(count);
    }

    private Narrator narrator(boolean quiet, boolean bar) {
        return new Narrator(
                new Narrator.Manner(quiet, bar, false),
                new ProgressPrinter(new PrintWriter(out), bar),
                metrics,
                Path.of("store"));
    }
}
