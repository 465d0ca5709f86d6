package io.millrace.app.narration;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.Format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the services of this process have come, from their meters: so each process tells of its own part. */
final class ProgressLines {

    private static final String TASK = "task";

    private final MeterRegistry metrics;
    private final long startNanos;
    private final Map<String, Speed> speeds = new HashMap<>();
    private final Map<String, Double> toldCounts = new HashMap<>();

    /** Of a process whose meters are 0 at {@code startNanos}. */
    ProgressLines(MeterRegistry metrics, long startNanos) {
        this.metrics = metrics;
        this.startNanos = startNanos;
    }

    /** One line for ingest and one per task in training, without those that have stood still since the last call. */
    List<String> changed(long nanos) {
        List<String> lines = new ArrayList<>();
        RunFigures figures = RunFigures.of(metrics);
        double received = (double) figures.received();
        double ingestSpeed = speed("ingest", nanos, received);
        if (hasGrown("ingest", received)) {
            lines.add("ingest      " + figures.ingested() + Format.text("  %.0f/s", ingestSpeed));
        }
        trained().forEach((task, count) -> {
            double speed = speed(task, nanos, count);
            if (hasGrown("task " + task, count)) {
                lines.add("training    " + task + "  " + training(task, speed));
            }
        });
        return lines;
    }

    /** Everything in one short line, for a line at the bottom of a terminal; empty as long as there is nothing. */
    String status(long nanos) {
        Map<String, Double> trained = trained();
        trained.values().removeIf(count -> count == 0);
        if (trained.isEmpty()) {
            long received = RunFigures.of(metrics).received();
            return received == 0 ? "" : Format.text("%,d examples received", received);
        }
        if (trained.size() == 1) {
            Map.Entry<String, Double> only = trained.entrySet().iterator().next();
            return only.getKey() + "  " + training(only.getKey(), speed(only.getKey(), nanos, only.getValue()));
        }
        double speed = trained.entrySet().stream()
                .mapToDouble(entry -> speed(entry.getKey(), nanos, entry.getValue()))
                .sum();
        double waiting = metrics.find("millrace.trainer.lag").gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .sum();
        return Format.text("%d tasks  %.0f examples/s  %,.0f waiting", trained.size(), speed, waiting);
    }

    private boolean hasGrown(String what, double count) {
        Double before = toldCounts.put(what, count);
        return count > (before == null ? 0 : before);
    }

    private double speed(String what, long nanos, double count) {
        return speeds.computeIfAbsent(what, name -> new Speed(startNanos)).perSecond(nanos, count);
    }

    /** Examples trained by this process, by task. */
    private Map<String, Double> trained() {
        Map<String, Double> trained = new TreeMap<>();
        metrics.find("millrace.trainer.examples")
                .tag("outcome", "trained")
                .counters()
                .forEach(counter -> trained.merge(counter.getId().getTag(TASK), counter.count(), Double::sum));
        return trained;
    }

    private String training(String task, double speed) {
        return gauge("millrace.trainer.steps.done", task, "step %,.0f  ")
                + Format.text("%.0f examples/s", speed)
                + loss(task)
                + accuracy(task)
                + gauge("millrace.trainer.lag", task, "  %,.0f waiting");
    }

    private String loss(String task) {
        Gauge loss = metrics.find("millrace.trainer.loss")
                .tags(TASK, task, "term", "totalLoss")
                .gauge();
        return loss == null || Double.isNaN(loss.value()) ? "" : Format.text("  loss %.3f", loss.value());
    }

    private String accuracy(String task) {
        Gauge accuracy = metrics.find("millrace.trainer.prequential.accuracy")
                .tag(TASK, task)
                .gauge();
        return accuracy == null || Double.isNaN(accuracy.value())
                ? ""
                : "  test-then-train " + Format.percent(accuracy.value());
    }

    private String gauge(String name, String task, String pattern) {
        Gauge gauge = metrics.find(name).tag(TASK, task).gauge();
        return gauge == null || Double.isNaN(gauge.value()) ? "" : Format.text(pattern, gauge.value());
    }
}
