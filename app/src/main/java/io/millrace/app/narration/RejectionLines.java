package io.millrace.app.narration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.Format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many examples were rejected or not trained by this process, and why. */
final class RejectionLines {

    private final MeterRegistry metrics;
    private final Map<String, Double> told = new HashMap<>();
    private boolean hinted;

    RejectionLines(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** A line per task with rejections since the last call, by reason. */
    List<String> since() {
        Map<String, Map<String, Double>> fresh = new TreeMap<>();
        byReason()
                .forEach((task, reasons) -> reasons.forEach((reason, count) -> {
                    Double before = told.put(task + " " + reason, count);
                    double more = count - (before == null ? 0 : before);
                    if (more > 0) {
                        fresh.computeIfAbsent(task, name -> new TreeMap<>()).put(reason, more);
                    }
                }));
        List<String> lines = new ArrayList<>();
        fresh.forEach((task, reasons) -> lines.add(
                "examples    " + task + Format.text("  %,.0f rejected: ", sum(reasons)) + words(reasons) + hint(task)));
        return lines;
    }

    /** All of them by reason, over all tasks; empty if there are none. */
    String total() {
        Map<String, Double> reasons = new TreeMap<>();
        byReason()
                .values()
                .forEach(ofTask -> ofTask.forEach((reason, count) -> reasons.merge(reason, count, Double::sum)));
        reasons.values().removeIf(count -> count == 0);
        return words(reasons);
    }

    private Map<String, Map<String, Double>> byReason() {
        Map<String, Map<String, Double>> counts = new TreeMap<>();
        for (Counter counter : metrics.find("millrace.ingest.rejected").counters()) {
            add(counts, counter, "reason");
        }
        for (String outcome : List.of("quarantined", "malformed")) {
            metrics.find("millrace.trainer.examples")
                    .tag("outcome", outcome)
                    .counters()
                    .forEach(counter -> add(counts, counter, "outcome"));
        }
        return counts;
    }

    private static void add(Map<String, Map<String, Double>> counts, Counter counter, String tag) {
        counts.computeIfAbsent(counter.getId().getTag("task"), name -> new TreeMap<>())
                .merge(counter.getId().getTag(tag), counter.count(), Double::sum);
    }

    /** Once is enough. */
    private String hint(String task) {
        String hint = hinted ? "" : "  (./millrace rejected list --task " + task + " shows them)";
        hinted = true;
        return hint;
    }

    private static double sum(Map<String, Double> reasons) {
        return reasons.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String words(Map<String, Double> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(reason -> reason.getKey() + Format.text(" %,.0f", reason.getValue()))
                .collect(Collectors.joining(", "));
    }
}
