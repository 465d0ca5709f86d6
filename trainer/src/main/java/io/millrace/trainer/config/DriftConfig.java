package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is reported on {@code drift} about the stream, and when.
 *
 * @param window examples over which accuracy is taken, and means of scores while drift lasts; default 500
 * @param margin fall of accuracy below the best window that counts as drift: half of it is tolerated; default 0.1
 * @param detector the detector of a fall in accuracy; default the e-detector
 * @param expectedRunLength examples between two false alarms of a metric, at least, in expectation; default 10000
 * @param reference examples that later ones are compared with, taken at the start and at each new baseline; default 1000
 * @param cooldown examples: a metric that has recovered is not watched for so long, and metrics that start within so many belong to one
 *     episode; default 1000
 * @param examples how many examples an event shows; 0 leaves words out too, so that no text reaches the topic; default 3
 * @param metrics settings of single metrics
 */
public record DriftConfig(
        Integer window,
        Double margin,
        DriftDetector detector,
        Long expectedRunLength,
        Integer reference,
        Integer cooldown,
        Integer examples,
        Map<WatchedMetric, DriftMetricConfig> metrics) {

    /** Most examples that a window or a reference holds: each checkpoint contains them. */
    static final int MAX_WINDOW = 20_000;

    private static final int LEAST_REFERENCE = 200;
    private static final int MOST_EXAMPLES = 10;

    private static final long RUN_LENGTH = 10_000;
    private static final int REFERENCE = 1_000;
    private static final int COOLDOWN = 1_000;
    private static final int SHOWN = 3;

    private static final DriftConfig DEFAULTS = new DriftConfig(500, 0.1);

    public DriftConfig {
        window = window == null ? DEFAULTS.window : window;
        margin = margin == null ? DEFAULTS.margin : margin;
        detector = detector == null ? DEFAULTS.detector : detector;
        expectedRunLength = expectedRunLength == null ? DEFAULTS.expectedRunLength : expectedRunLength;
        reference = reference == null ? DEFAULTS.reference : reference;
        cooldown = cooldown == null ? DEFAULTS.cooldown : cooldown;
        examples = examples == null ? DEFAULTS.examples : examples;
        metrics = metrics == null || metrics.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(metrics));
        require(window >= 1 && window <= MAX_WINDOW, "drift.window", "in [1, " + MAX_WINDOW + "]", window);
        require(margin > 0 && margin <= 1, "drift.margin", "in (0, 1]", margin);
        requireRunLength("drift.expectedRunLength", expectedRunLength);
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

    /** The settings of earlier versions, everything else at its default. */
    public DriftConfig(Integer window, Double margin) {
        this(window, margin, DriftDetector.E_DETECTOR, RUN_LENGTH, REFERENCE, COOLDOWN, SHOWN, Map.of());
    }

    /** The defaults. */
    public static DriftConfig defaults() {
        return DEFAULTS;
    }

    static void requireRunLength(String key, long value) {
        require(value >= 2 && value <= 1_000_000_000_000L, key, "in [2, 1e12]", value);
    }

    /** Whether a metric is watched. */
    public boolean watches(WatchedMetric metric) {
        Boolean enabled = of(metric).enabled();
        return enabled == null ? metric.isOn() : enabled;
    }

    /** Examples between two false alarms of a metric, at least, in expectation. */
    public long expectedRunLengthOf(WatchedMetric metric) {
        Long own = of(metric).expectedRunLength();
        return own == null ? expectedRunLength : own;
    }

    /** How far the mean score of a metric may be from its reference without drift. */
    public double toleranceOf(WatchedMetric metric) {
        Double own = of(metric).tolerance();
        if (own != null) {
            return own;
        }
        return metric == WatchedMetric.PREQUENTIAL_ACCURACY ? margin / 2 : metric.tolerance();
    }

    private DriftMetricConfig of(WatchedMetric metric) {
        return metrics.getOrDefault(metric, DriftMetricConfig.UNCHANGED);
    }
}
