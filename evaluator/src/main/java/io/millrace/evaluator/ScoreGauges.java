package io.millrace.evaluator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/**
 * The newest scores as gauges: {@code millrace.evaluator.score} by {@code task}, {@code probe_set}, {@code distribution}
 * and {@code score}, and {@code millrace.evaluator.forgetting} by the first three: best accuracy so far less the newest.
 * At most {@value #MAX_SERIES} probe sets get gauges; the scores of further ones are on {@code evaluations} alone.
 */
final class ScoreGauges {

    /** How many probe sets, over all tasks, have gauges: five time series each. */
    static final int MAX_SERIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ScoreGauges.class);

    private final MeterRegistry registry;
    private final Map<Series, AtomicReference<Shown>> shown = new HashMap<>();
    private boolean full;

    ScoreGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Series(String task, String probeSet, Distribution distribution) {}

    private record Shown(ProbeScore score, double forgetting) {}

    /** Shows the scores of an evaluation, given the series that they have become part of. */
    void show(CheckpointEvaluation evaluation, Map<String, ProbeSeries> series) {
        for (ProbeScore score : evaluation.scores()) {
            String probeSet = score.probeSet().name();
            Series key = new Series(
                    evaluation.checkpoint().task(), probeSet, score.probeSet().distribution());
            Shown now = new Shown(score, series.get(probeSet).forgetting());
            if (shown.containsKey(key)) {
                shown.get(key).set(now);
            } else if (shown.size() < MAX_SERIES) {
                shown.put(key, register(key, now));
            } else if (!full) {
                full = true;
                LOG.warn(
                        "Probe set {} of task {} gets no gauges, nor do further ones: {} have some already.",
                        probeSet,
                        key.task(),
                        MAX_SERIES);
            }
        }
    }

    private AtomicReference<Shown> register(Series key, Shown now) {
        AtomicReference<Shown> reference = new AtomicReference<>(now);
        Tags tags = Tags.of("task", key.task(), "probe_set", key.probeSet(), "distribution", tag(key.distribution()));
        gauge("score", tags.and("score", "accuracy"), reference, view -> view.score()
                .accuracy());
        gauge("score", tags.and("score", "macro_f1"), reference, view -> view.score()
                .macroF1());
        gauge("score", tags.and("score", "negative_log_likelihood"), reference, view -> view.score()
                .negativeLogLikelihood());
        gauge("score", tags.and("score", "calibration_error"), reference, view -> view.score()
                .calibrationError());
        gauge("forgetting", tags, reference, Shown::forgetting);
        return reference;
    }

    private void gauge(String name, Tags tags, AtomicReference<Shown> reference, ToDoubleFunction<Shown> value) {
        Gauge.builder("millrace.evaluator." + name, reference, holder -> value.applyAsDouble(holder.get()))
                .tags(tags)
                .register(registry);
    }

    private static String tag(Distribution distribution) {
        return switch (distribution) {
            case IN_DISTRIBUTION -> "in";
            case OUT_OF_DISTRIBUTION -> "out";
        };
    }
}
