package io.millrace.evaluator.state;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The meters of the evaluator's state:
 *
 * <ul>
 *   <li>{@code millrace.evaluator.probe.sets.unscored}, by {@code task}: probe sets beyond
 *       {@link io.millrace.schemas.ProbeExample#MAX_SETS};
 *   <li>{@code millrace.evaluator.malformed.probes}: malformed records on {@code probes};
 *   <li>{@code millrace.evaluator.malformed.requests}: malformed records on {@code model-requests};
 *   <li>{@code millrace.evaluator.malformed.history}: malformed records on {@code task-histories}, {@code evaluations},
 *       {@code model-updates} and {@code request-outcomes}.
 * </ul>
 *
 * <p>Malformed records are counted at each start, when the topics are read from their beginning.
 */
public final class StateMetrics {

    private final Map<String, AtomicInteger> unscored;
    private final Counter malformedProbes;
    private final Counter malformedRequests;
    private final Counter malformedHistory;

    /** Registers the meters for tasks of these names. */
    public StateMetrics(MeterRegistry registry, Collection<String> tasks) {
        malformedProbes = registry.counter("millrace.evaluator.malformed.probes");
        malformedRequests = registry.counter("millrace.evaluator.malformed.requests");
        malformedHistory = registry.counter("millrace.evaluator.malformed.history");
        unscored = tasks.stream().collect(Collectors.toMap(Function.identity(), task -> new AtomicInteger()));
        unscored.forEach(
                (task, sets) -> Gauge.builder("millrace.evaluator.probe.sets.unscored", sets, AtomicInteger::get)
                        .tag("task", task)
                        .register(registry));
    }

    void unscoredProbeSets(String task, int sets) {
        Objects.requireNonNull(unscored.get(task), "the task must be one of the configured ones")
                .set(sets);
    }

    void malformedProbe() {
        malformedProbes.increment();
    }

    void malformedRequest() {
        malformedRequests.increment();
    }

    void malformedHistory() {
        malformedHistory.increment();
    }
}
