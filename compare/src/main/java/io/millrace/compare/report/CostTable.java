package io.millrace.compare.report;

import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult.Cost;
import io.millrace.compare.stats.Median;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The training cost of the methods. */
final class CostTable {

    private static final double MILLIS = 1000;

    private CostTable() {}

    static MarkdownTable of(Results results) {
        double baseline = median(results, results.baseline(), Cost::secondsPerExample);
        List<List<String>> rows = results.methods().stream()
                .map(method -> List.of(
                        method,
                        millis(median(results, method, Cost::stepSeconds)),
                        millis(median(results, method, Cost::secondsPerExample)),
                        rounded(median(results, method, Cost::secondsPerExample) / baseline, 2),
                        rounded(median(results, method, Cost::seconds), 0),
                        Long.toString(results.of(method).stream()
                                .mapToLong(run -> run.cost().notApplied())
                                .sum())))
                .toList();
        return new MarkdownTable(
                List.of(
                        "method",
                        "ms per step",
                        "ms per example",
                        "relative to " + results.baseline(),
                        "s per run",
                        "updates not applied"),
                rows);
    }

    private static double median(Results results, String method, ToDoubleFunction<Cost> cost) {
        return Median.of(results.of(method).stream()
                .map(run -> cost.applyAsDouble(run.cost()))
                .toList());
    }

    private static String millis(double seconds) {
        return rounded(seconds * MILLIS, 2);
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
