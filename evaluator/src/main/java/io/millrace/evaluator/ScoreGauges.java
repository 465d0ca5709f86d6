package io.millrace.evaluator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.evaluator.state.ProbeSeries;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The newest scores as gauges: {@code millrace.evaluator.score} by {@code task}, {@code probe_set}, {@code distribution}
 * and {@code score}, those that the task has, and {@code millrace.evaluator.forgetting} by the first three: best accuracy so far less the newest.
 * A probe set that the newest evaluation does not score has none; nor has a task that another process judges now.
 * At most {@value #MAX_SERIES} probe sets get gauges; the scores of further ones are on {@code evaluations} alone.
 */
final class ScoreGauges {

    private static final String PREFIX = "millrace.evaluator.";

    /** How many probe sets, over all tasks, have gauges: at most five time series each. */
    static final int MAX_SERIES = 100;

    /** The scores that there are, by their tag; each gives null where a task has no such score. */
    private static final Map<String, Function<ProbeScore, Double>> SCORES = Map.of(
            "accuracy", ProbeScore::accuracy,
            "macro_f1", ProbeScore::macroF1,
            "negative_log_likelihood", ProbeScore::negativeLogLikelihood,
            "calibration_error", ProbeScore::calibrationError,
            "mean_squared_error", ProbeScore::meanSquaredError,
            "pearson", ProbeScore::pearson);

    private static final Logger LOG = LoggerFactory.getLogger(ScoreGauges.class);

    private final MeterRegistry registry;
    private final Map<Series, AtomicReference<Shown>> shown = new HashMap<>();
    private boolean full;

    ScoreGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Series(String task, String probeSet, Distribution distribution) {}

    private record Shown(ProbeScore score, double forgetting) {}

    /** Shows the scores of an evaluation, given the series that they have become part of, and no others of the task. */
    void show(CheckpointEvaluation evaluation, Map<String, ProbeSeries> series) {
        Set<Series> scored = evaluation.scores().stream()
                .map(score -> series(evaluation, score))
                .collect(Collectors.toSet());
        forget(key -> key.task().equals(evaluation.checkpoint().task()) && !scored.contains(key));
        for (ProbeScore score : evaluation.scores()) {
            String probeSet = score.probeSet().name();
            Series key = series(evaluation, score);
            Shown now = new Shown(score, series.get(probeSet).forgetting());
            if (shown.containsKey(key) || shown.size() < MAX_SERIES) {
                AtomicReference<Shown> reference = shown.computeIfAbsent(key, none -> new AtomicReference<>());
                reference.set(now);
                register(key, reference);
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

    /** Shows nothing more of a task. */
    void forget(String task) {
        forget(key -> key.task().equals(task));
    }

    private void forget(Predicate<Series> which) {
        shown.keySet().removeIf(key -> {
            boolean doomed = which.test(key);
            if (doomed) {
                SCORES.keySet().forEach(score -> remove("score", tags(key).and("score", score)));
                remove("forgetting", tags(key));
            }
            return doomed;
        });
    }

    private void remove(String name, Tags tags) {
        Gauge gauge = registry.find(PREFIX + name).tags(tags).gauge();
        if (gauge != null) {
            registry.remove(gauge);
        }
    }

    private static Series series(CheckpointEvaluation evaluation, ProbeScore score) {
        return new Series(
                evaluation.checkpoint().task(),
                score.probeSet().name(),
                score.probeSet().distribution());
    }

    private static Tags tags(Series key) {
        return Tags.of("task", key.task(), "probe_set", key.probeSet(), "distribution", tag(key.distribution()));
    }

    /** Gauges for the scores that there are now and that have none. */
    private void register(Series key, AtomicReference<Shown> reference) {
        Tags tags = tags(key);
        SCORES.forEach((name, score) -> {
            if (score.apply(reference.get().score()) != null) {
                gauge("score", tags.and("score", name), reference, view -> orNaN(score.apply(view.score())));
            }
        });
        gauge("forgetting", tags, reference, Shown::forgetting);
    }

    /** NaN is a gauge's word for nothing, as where predictions of a regression have ceased to vary. */
    private static double orNaN(Double score) {
        return score == null ? Double.NaN : score;
    }

    private void gauge(String name, Tags tags, AtomicReference<Shown> reference, ToDoubleFunction<Shown> value) {
        if (registry.find(PREFIX + name).tags(tags).gauge() != null) {
            return;
        }
        Gauge.builder(PREFIX + name, reference, holder -> value.applyAsDouble(holder.get()))
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
