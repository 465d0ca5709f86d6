package io.millrace.evaluator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** {@code millrace.evaluator.lag} by {@code partition}, for the partitions of this process only. */
final class LagGauges {

    private final MeterRegistry registry;
    private final Map<Integer, LagGauge> shown = new HashMap<>();

    LagGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    private record LagGauge(Gauge gauge, AtomicLong lag) {}

    /** Shows the lag of these partitions only; an unknown lag keeps its last value. */
    void show(Map<Integer, OptionalLong> lagByPartition) {
        shown.entrySet().removeIf(partition -> {
            boolean hasGone = !lagByPartition.containsKey(partition.getKey());
            if (hasGone) {
                registry.remove(partition.getValue().gauge());
            }
            return hasGone;
        });
        lagByPartition.forEach((partition, lag) -> lag.ifPresent(offsets ->
                shown.computeIfAbsent(partition, this::register).lag().set(offsets)));
    }

    private LagGauge register(int partition) {
        AtomicLong lag = new AtomicLong();
        return new LagGauge(
                Gauge.builder("millrace.evaluator.lag", lag, AtomicLong::get)
                        .tag("partition", Integer.toString(partition))
                        .register(registry),
                lag);
    }
}
