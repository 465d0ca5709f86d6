package io.millrace.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.schemas.Task;
import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of ingest. For every task, and for the records of no known task (tag value {@value #UNKNOWN_TASK}),
 *
 * <pre>received = accepted + rejected + duplicate + joined (+ waiting)</pre>
 *
 * <p>with {@code rejected} summed over its tag {@code reason}. The last two are zero without labels that come later: {@code
 * joined} counts the labels that have met their text, and a text or a label that still waits is in the gauge {@code waiting}.
 * A label counts under its task only if its source has one task, otherwise under {@value #UNKNOWN_TASK}. The counters count what this process has processed since
 * it started; a record whose transaction was aborted is processed, and counted, again. All of them exist, at zero,
 * from the start.
 */
final class IngestMetrics {

    static final String RECEIVED = "millrace.ingest.received";
    static final String ACCEPTED = "millrace.ingest.accepted";
    static final String REJECTED = "millrace.ingest.rejected";
    static final String DUPLICATE = "millrace.ingest.duplicate";

    /** Counter: labels that came on a topic of their own, and met their text. */
    static final String JOINED = "millrace.ingest.joined";

    /** Gauge, by {@code side}: texts that wait for their label, and labels that wait for their text, in this process. */
    static final String WAITING = "millrace.ingest.waiting";

    /** Gauge: probes that the guard knows. */
    static final String PROBES = "millrace.ingest.probes";

    /** Counter: records on {@code probes} that were not probes. */
    static final String MALFORMED_PROBES = "millrace.ingest.malformed.probes";

    static final String UNKNOWN_TASK = "unknown";

    private final TaskRegistry tasks;
    private final Map<String, TaskCounters> countersByTask = new HashMap<>();
    private final TaskCounters countersOfNoTask;
    private final AtomicInteger probes;
    private final Map<Half.Side, AtomicInteger> waiting = new EnumMap<>(Half.Side.class);
    private final Counter malformedProbes;

    IngestMetrics(MeterRegistry registry, TaskRegistry tasks) {
        this.tasks = tasks;
        for (Task task : tasks.all()) {
            countersByTask.put(task.name(), TaskCounters.register(registry, task.name()));
        }
        this.countersOfNoTask = TaskCounters.register(registry, UNKNOWN_TASK);
        for (Half.Side side : Half.Side.values()) {
            waiting.put(side, registry.gauge(WAITING, Tags.of("side", side.words()), new AtomicInteger()));
        }
        this.probes = registry.gauge(PROBES, new AtomicInteger());
        this.malformedProbes = registry.counter(MALFORMED_PROBES);
    }

    /** The counters of the task that this record key names. */
    TaskCounters of(byte @Nullable [] key) {
        return tasks.find(key).map(task -> countersByTask.get(task.name())).orElse(countersOfNoTask);
    }

    /** {@code change}: by how much the number of waiting halves has changed. */
    void waiting(Half.Side side, int change) {
        Objects.requireNonNull(waiting.get(side), side.words()).addAndGet(change);
    }

    void probeAdded() {
        probes.incrementAndGet();
    }

    void probeRemoved() {
        probes.decrementAndGet();
    }

    void malformedProbe() {
        malformedProbes.increment();
    }
}
