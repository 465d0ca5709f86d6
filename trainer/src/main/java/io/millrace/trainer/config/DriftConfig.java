package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import io.millrace.schemas.text.LogSafe;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is reported on {@code drift} about the stream, and when.
 *
 * @param window examples over which accuracy is taken, and means of scores while drift lasts; default 500
 * @param margin fall of accuracy below the best window that counts as drift: half of it is tolerated; default 0.1
 * @param detector the detector of a fall in accuracy; default the e-detector
 * @param expectedRunLength examples between two false alarms of a metric, at least, in expectation; default 10000
 * @param expectedRunLengths the same of single metrics, by the name of the {@link WatchedMetric}; 0: it is not watched. Embeddings are watched
 *     only if they are named here
 * @param tolerances how far the mean scores of single metrics may be from their references without drift, in (0, 1), by name
 * @param reference examples that later ones are compared with, taken at the start and at each new baseline; default 1000
 * @param cooldown examples: a metric that has recovered is not watched for so long, and metrics that start within so many belong to one
 *     episode; default 1000
 * @param examples how many examples an event shows; 0 leaves words out too, so that no text reaches the topic; default 3
 */
public record DriftConfig(
        Integer window,
        Double margin,
        DriftDetector detector,
        Long expectedRunLength,
        Map<String, Long> expectedRunLengths,
        Map<String, Double> tolerances,
        Integer reference,
        Integer cooldown,
        Integer examples) {

    /** Most examples that a window or a reference holds: each checkpoint contains them. */
    static final int MAX_WINDOW = 20_000;

    private static final int LEAST_REFERENCE = 200;
    private static final int MOST_EXAMPLES = 10;
    private static final long MAX_RUN_LENGTH = 1_000_000_000_000L;

    private static final DriftConfig DEFAULTS =
            new DriftConfig(500, 0.1, DriftDetector.E_DETECTOR, 10_000L, Map.of(), Map.of(), 1_000, 1_000, 3);

    public DriftConfig {
        window = window == null ? DEFAULTS.window : window;
        margin = margin == null ? DEFAULTS.margin : margin;
        detector = detector == null ? DEFAULTS.detector : detector;
        expectedRunLength = expectedRunLength == null ? DEFAULTS.expectedRunLength : expectedRunLength;
        expectedRunLengths = ofMetrics("drift.expectedRunLengths", expectedRunLengths);
        tolerances = ofMetrics("drift.tolerances", tolerances);
        reference = reference == null ? DEFAULTS.reference : reference;
        cooldown = cooldown == null ? DEFAULTS.cooldown : cooldown;
        examples = examples == null ? DEFAULTS.examples : examples;
        require(window >= 1 && window <= MAX_WINDOW, "drift.window", "in [1, " + MAX_WINDOW + "]", window);
        require(margin > 0 && margin <= 1, "drift.margin", "in (0, 1]", margin);
        requireRunLength("drift.expectedRunLength", expectedRunLength, 2);
        expectedRunLengths.forEach(
                (name, length) -> requireRunLength("drift.expectedRunLengths." + name, length, length == 0 ? 0 : 2));
        tolerances.forEach((name, tolerance) ->
                require(tolerance > 0 && tolerance < 1, "drift.tolerances." + name, "in (0, 1)", tolerance));
        require(
                reference >= LEAST_REFERENCE && reference <= MAX_WINDOW,
                "drift.reference",
                "in [" + LEAST_REFERENCE + ", " + MAX_WINDOW + "]",
                reference);
        require(cooldown >= 0, "drift.cooldown", "at least 0", cooldown);
        require(
                examples >= 0 && examples <= MOST_EXAMPLES,
                "drift.examples",
                "in [0, " + MOST_EXAMPLES + "]",
                examples);
    }

    /** The defaults. */
    public static DriftConfig defaults() {
        return DEFAULTS;
    }

    /** A copy in the order of the names, which are names of metrics. */
    private static <V> Map<String, V> ofMetrics(String key, Map<String, V> values) {
        if (values == null) {
            return Map.of();
        }
        values.keySet()
                .forEach(name -> require(
                        WatchedMetric.named(name).isPresent(),
                        key,
                        "a map with keys among " + WatchedMetric.names(),
                        LogSafe.quoted(name)));
        return Collections.unmodifiableMap(new TreeMap<>(values));
    }

    private static void requireRunLength(String key, long value, long least) {
        require(value >= least && value <= MAX_RUN_LENGTH, key, "in [2, " + MAX_RUN_LENGTH + "]", value);
    }

    /** Whether a metric is watched. */
    public boolean watches(WatchedMetric metric) {
        Long own = expectedRunLengths.get(metric.wireName());
        return own == null ? metric != WatchedMetric.EMBEDDINGS : own > 0;
    }

    /** Examples between two false alarms of a metric, at least, in expectation. */
    public long expectedRunLengthOf(WatchedMetric metric) {
        return expectedRunLengths.getOrDefault(metric.wireName(), expectedRunLength);
    }

    /** How far the mean score of a metric may be from its reference without drift. */
    public double toleranceOf(WatchedMetric metric) {
        double usual = metric == WatchedMetric.PREQUENTIAL_ACCURACY ? margin / 2 : metric.tolerance();
        return tolerances.getOrDefault(metric.wireName(), usual);
    }
}
