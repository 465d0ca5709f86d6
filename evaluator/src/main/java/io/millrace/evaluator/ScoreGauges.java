package io.millrace.evaluator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.evaluator.state.ProbeSeries;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The newest scores as gauges. {@code millrace.evaluator.score} has the tags {@code task}, {@code probe_set},
 * {@code distribution} and {@code score}; {@code millrace.evaluator.forgetting}, the best accuracy so far minus the newest,
 * has the first three. A probe set that the newest evaluation does not score has no gauges, nor has a task that another
 * process judges now. At most {@value #MAX_SERIES} probe sets get gauges; scores of further ones are only on
 * {@code evaluations}.
 */
final class ScoreGauges {

    private static final String PREFIX = "millrace.evaluator.";

    /** Most probe sets with gauges, over all tasks; each has at most five time series. */
    static final int MAX_SERIES = 100;

    /** All scores by their tag; each is null for a task without that score. */
    private static final Map<String, Function<ProbeScore, Double>> SCORES = Map.of(
            "accuracy", ProbeScore::accuracy,
            "macro_f1", ProbeScore::macroF1,
            "negative_log_likelihood", ProbeScore::negativeLogLikelihood,
            "calibration_error", ProbeScore::calibrationError,
            "mean_squared_error", ProbeScore::meanSquaredError,
            "pearson", ProbeScore::pearson);

    private static final Logger LOG = LoggerFactory.getLogger(ScoreGauges.class);

    private final MeterRegistry registry;
    private final Map<GaugeKey, AtomicReference<ShownScore>> shown = new HashMap<>();
    private boolean full;

    ScoreGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    private record GaugeKey(String task, String probeSet, Distribution distribution) {}

    private record ShownScore(ProbeScore score, double forgetting) {}

    /** Shows the scores of an evaluation, and no others of its task. The series already include these scores. */
    void show(CheckpointEvaluation evaluation, Map<String, ProbeSeries> series) {
        Set<GaugeKey> scored = evaluation.scores().stream()
                .map(score -> keyOf(evaluation, score))
                .collect(Collectors.toSet());
        forget(key -> key.task().equals(evaluation.checkpoint().task()) && !scored.contains(key));
        for (ProbeScore score : evaluation.scores()) {
            String probeSet = score.probeSet().name();
            GaugeKey key = keyOf(evaluation, score);
            ShownScore now = new ShownScore(score, forgetting(series, probeSet));
            if (shown.containsKey(key) || shown.size() < MAX_SERIES) {
                AtomicReference<ShownScore> reference = shown.computeIfAbsent(key, none -> new AtomicReference<>(now));
                reference.set(now);
                register(key, now, reference);
            } else if (!full) {
                full = true;
                LOG.warn(
                        "Probe set {} of task {} gets no gauges, nor do further ones: {} probe sets already have some.",
                        probeSet,
                        key.task(),
                        MAX_SERIES);
            }
        }
    }

    private static double forgetting(Map<String, ProbeSeries> series, String probeSet) {
        return Objects.requireNonNull(series.get(probeSet), "every scored probe set has a series")
                .forgetting();
    }

    /** Stops showing a task. */
    void forget(String task) {
        forget(key -> key.task().equals(task));
    }

    private void forget(Predicate<GaugeKey> which) {
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

    private static GaugeKey keyOf(CheckpointEvaluation evaluation, ProbeScore score) {
        return new GaugeKey(
                evaluation.checkpoint().task(),
                score.probeSet().name(),
                score.probeSet().distribution());
    }

    private static Tags tags(GaugeKey key) {
        return Tags.of("task", key.task(), "probe_set", key.probeSet(), "distribution", tag(key.distribution()));
    }

    /** Registers gauges for the present scores that have none yet. */
    private void register(GaugeKey key, ShownScore now, AtomicReference<ShownScore> reference) {
        Tags tags = tags(key);
        SCORES.forEach((name, score) -> {
            if (score.apply(now.score()) != null) {
                gauge("score", tags.and("score", name), reference, view -> orNaN(score.apply(view.score())));
            }
        });
        gauge("forgetting", tags, reference, ShownScore::forgetting);
    }

    /** A gauge without a value is NaN, for example when the predictions of a regression no longer vary. */
    private static double orNaN(@Nullable Double score) {
        return score == null ? Double.NaN : score;
    }

    private void gauge(
            String name, Tags tags, AtomicReference<ShownScore> reference, ToDoubleFunction<ShownScore> value) {
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
