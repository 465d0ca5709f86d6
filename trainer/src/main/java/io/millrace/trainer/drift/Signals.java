package io.millrace.trainer.drift;

import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.WatchedMetric;
import io.millrace.trainer.drift.detector.Adwin;
import io.millrace.trainer.drift.detector.ChangeDetector;
import io.millrace.trainer.drift.detector.Ddm;
import io.millrace.trainer.drift.detector.EDetector;
import io.millrace.trainer.drift.detector.FallBelowBestWindow;
import io.millrace.trainer.drift.detector.PageHinkley;

import java.util.ArrayList;
import java.util.List;

/** Makes the statistic and the detector of each metric that a configuration watches. */
final class Signals {

    private Signals() {}

    static List<Signal> of(DriftConfig config, boolean isRegression, Vocabulary vocabulary) {
        List<Signal> signals = new ArrayList<>();
        for (WatchedMetric metric : WatchedMetric.values()) {
            if (config.watches(metric)) {
                Statistic statistic = statistic(metric, config, isRegression, vocabulary);
                ChangeDetector detector = metric == WatchedMetric.PREQUENTIAL_ACCURACY
                        ? ofErrors(config)
                        : new EDetector(config.expectedRunLengthOf(metric), statistic.isTwoSided());
                signals.add(new Signal(metric, statistic, detector, config));
            }
        }
        return signals;
    }

    private static Statistic statistic(
            WatchedMetric metric, DriftConfig config, boolean isRegression, Vocabulary vocabulary) {
        int reference = config.reference();
        double tolerance = config.toleranceOf(metric);
        return switch (metric) {
            case PREQUENTIAL_ACCURACY -> new TestThenTrainError(config.window(), tolerance);
            case LABEL_MIX -> isRegression
                    ? new RankedNumber(next -> Double.parseDouble(next.example().label()), reference, tolerance)
                    : new LabelMix(reference, tolerance);
            case TEXT_LENGTH -> new RankedNumber(next -> next.text().length(), reference, tolerance);
            case UNKNOWN_TOKENS -> new UnknownTokens(reference, tolerance);
            case VOCABULARY -> vocabulary;
            case EMBEDDINGS -> new Embeddings(reference, tolerance);
        };
    }

    private static ChangeDetector ofErrors(DriftConfig config) {
        long length = config.expectedRunLengthOf(WatchedMetric.PREQUENTIAL_ACCURACY);
        return switch (config.detector()) {
            case E_DETECTOR -> new EDetector(length, false);
            case ADWIN -> new Adwin(length);
            case PAGE_HINKLEY -> new PageHinkley(length, config.toleranceOf(WatchedMetric.PREQUENTIAL_ACCURACY));
            case DDM -> new Ddm();
            case FALL_BELOW_BEST -> new FallBelowBestWindow(config.window(), config.margin());
        };
    }
}
