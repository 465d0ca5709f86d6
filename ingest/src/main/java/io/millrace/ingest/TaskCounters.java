package io.millrace.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.RejectionReason;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The counters of one task; see {@link IngestMetrics}.
 *
 * @param received records that were read
 * @param accepted records that became accepted examples
 * @param duplicate records that were dropped because they were seen before
 * @param joined labels that have met their text
 * @param rejectedByReason records that were rejected; a counter for every reason that ingest gives
 */
record TaskCounters(
        Counter received,
        Counter accepted,
        Counter duplicate,
        Counter joined,
        Map<RejectionReason, Counter> rejectedByReason) {

    /** Every reason that ingest gives; the others are the trainer's. */
    static final Set<RejectionReason> REASONS = EnumSet.complementOf(EnumSet.of(
            RejectionReason.NOT_FINITE,
            RejectionReason.LOSS_EXPLOSION,
            RejectionReason.RETURNED_TO_CHAMPION,
            RejectionReason.TOO_MANY_LABELS));

    /** Those that only a record of a source can have. */
    static final Set<RejectionReason> REASONS_OF_SOURCES = Collections.unmodifiableSet(EnumSet.of(
            RejectionReason.UNKNOWN_SCHEMA,
            RejectionReason.UNDECODABLE,
            RejectionReason.UNLABELLED,
            RejectionReason.LABEL_WITHOUT_TEXT));

    static TaskCounters register(MeterRegistry registry, String task) {
        Map<RejectionReason, Counter> rejected = new EnumMap<>(RejectionReason.class);
        for (RejectionReason reason : REASONS) {
            rejected.put(reason, registry.counter(IngestMetrics.REJECTED, "task", task, "reason", reason.wireName()));
        }
        return new TaskCounters(
                registry.counter(IngestMetrics.RECEIVED, "task", task),
                registry.counter(IngestMetrics.ACCEPTED, "task", task),
                registry.counter(IngestMetrics.DUPLICATE, "task", task),
                registry.counter(IngestMetrics.JOINED, "task", task),
                rejected);
    }

    Counter rejected(RejectionReason reason) {
        return Objects.requireNonNull(rejectedByReason.get(reason), reason.wireName());
    }
}
