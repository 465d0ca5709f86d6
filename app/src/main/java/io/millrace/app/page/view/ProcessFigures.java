package io.millrace.app.page.view;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The figures of a task that this process has, by name: the counters of the identities, and a few gauges. A figure of a service that
 * runs elsewhere is absent.
 */
final class ProcessFigures {

    /** Short names, and the counters behind them. */
    private static final Map<String, Meter> COUNTERS = counters();

    private static final Map<String, String> GAUGES = Map.of(
            "pending", "millrace.trainer.pending",
            "lag", "millrace.trainer.lag",
            "steps", "millrace.trainer.steps.done",
            "learningRate", "millrace.trainer.learning.rate",
            "unjudged", "millrace.trainer.unjudged",
            "failed", "millrace.trainer.failed");

    private final MeterRegistry registry;

    private record Meter(String name, String tag, String value) {}

    ProcessFigures(MeterRegistry registry) {
        this.registry = registry;
    }

    private static Map<String, Meter> counters() {
        Map<String, Meter> counters = new LinkedHashMap<>();
        counters.put("received", new Meter("millrace.ingest.received", "", ""));
        counters.put("accepted", new Meter("millrace.ingest.accepted", "", ""));
        counters.put("rejected", new Meter("millrace.ingest.rejected", "", ""));
        counters.put("duplicate", new Meter("millrace.ingest.duplicate", "", ""));
        counters.put("joined", new Meter("millrace.ingest.joined", "", ""));
        counters.put("read", new Meter("millrace.trainer.accepted", "", ""));
        for (String outcome : new String[] {"trained", "quarantined", "malformed", "released"}) {
            counters.put(outcome, new Meter("millrace.trainer.examples", "outcome", outcome));
        }
        counters.put("promoted", new Meter("millrace.evaluator.checkpoints", "verdict", "promoted"));
        counters.put("notPromoted", new Meter("millrace.evaluator.checkpoints", "verdict", "rejected"));
        return counters;
    }

    /** The figures of a task. */
    Map<String, Double> of(String task) {
        Map<String, Double> figures = new LinkedHashMap<>();
        COUNTERS.forEach((name, meter) -> {
            Collection<Counter> found = counters(meter, task);
            // A counter by reason exists from the first reason on, and its service from its other counters on.
            if (!found.isEmpty() || (name.equals("rejected") && figures.containsKey("received"))) {
                figures.put(name, found.stream().mapToDouble(Counter::count).sum());
            }
        });
        GAUGES.forEach((name, meter) -> registry.find(meter).tag("task", task).gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .findFirst()
                .ifPresent(value -> figures.put(name, value)));
        Timer step = registry.find("millrace.trainer.step").tag("task", task).timer();
        if (step != null && step.count() > 0) {
            figures.put("stepMillis", step.mean(TimeUnit.MILLISECONDS));
        }
        return figures;
    }

    private Collection<Counter> counters(Meter meter, String task) {
        var search = registry.find(meter.name).tag("task", task);
        return meter.tag.isEmpty()
                ? search.counters()
                : search.tag(meter.tag, meter.value).counters();
    }
}
