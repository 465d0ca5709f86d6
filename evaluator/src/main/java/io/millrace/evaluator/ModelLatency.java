package io.millrace.evaluator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointAnnouncement.Produced;
import io.millrace.schemas.Verdict;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code millrace.model.latency}: from the moment when an example was produced to the promotion of the first model that was trained on it.
 * A promotion counts the oldest and the newest example of its checkpoint, and those of its rejected ancestors, whose examples reach a
 * champion with it. Clocks of producers and of this machine are compared as they are; less than nothing counts as nothing. Used by the
 * thread that judges; a restart forgets the ancestors.
 */
final class ModelLatency {

    static final String METER = "millrace.model.latency";

    /** Per task; checkpoints of abandoned lines would pile up otherwise. */
    static final int MAX_WAITING = 1_000;

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(2);

    private final MeterRegistry registry;
    private final Map<String, Map<String, CheckpointAnnouncement>> waiting = new HashMap<>();

    ModelLatency(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the histograms of a task. */
    void startAtZero(String task) {
        timer(task, "oldest");
        timer(task, "newest");
    }

    /** Takes the verdict on an announced checkpoint, once it is published. */
    void judged(CheckpointAnnouncement announcement, Verdict verdict) {
        String task = announcement.checkpoint().task();
        Map<String, CheckpointAnnouncement> unpromoted = waiting.computeIfAbsent(task, none -> new LinkedHashMap<>());
        unpromoted.put(announcement.checkpoint().id(), announcement.withoutMeans());
        if (unpromoted.size() > MAX_WAITING) {
            unpromoted.remove(unpromoted.keySet().iterator().next());
        }
        if (verdict == Verdict.PROMOTED) {
            promoted(task, announcement.checkpoint().id());
        }
    }

    /** Takes the promotion of a checkpoint that was judged before; of one that was promoted before, nothing is counted. */
    void promoted(String task, String checkpoint) {
        Map<String, CheckpointAnnouncement> unpromoted = waiting.getOrDefault(task, Map.of());
        Instant now = Instant.ofEpochMilli(registry.config().clock().wallTime());
        @Nullable String next = checkpoint;
        while (next != null && unpromoted.containsKey(next)) {
            CheckpointAnnouncement reached = unpromoted.remove(next);
            Produced produced = reached.produced();
            if (produced != null) {
                count(task, "oldest", produced.oldest(), now);
                count(task, "newest", produced.newest(), now);
            }
            next = reached.parent();
        }
    }

    private void count(String task, String example, Instant produced, Instant now) {
        Duration age = Duration.between(produced, now);
        timer(task, example).record(age.isNegative() ? Duration.ZERO : age);
    }

    private Timer timer(String task, String example) {
        return Timer.builder(METER)
                .tags("task", task, "example", example)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }
}
