package io.millrace.ingest;

import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.WaitingHalves.Entry;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Joins the texts and the labels of sources with {@code labels} by their ids, whichever comes first:
 *
 * <ul>
 *   <li>a text and a label that meet within the window become one example with the origin of the text;
 *   <li>the same text or label again is a duplicate; another one for the same id is rejected as {@link
 *       RejectionReason#CONFLICTING_ID}, also for one window after the two have met;
 *   <li>a text whose label does not come is rejected as {@link RejectionReason#UNLABELLED}, a label whose text does not come
 *       as {@link RejectionReason#LABEL_WITHOUT_TEXT}. What comes after that waits again.
 * </ul>
 *
 * <p>{@link WaitClock} says how time passes.
 */
final class LabelJoin extends ContextualProcessor<String, Half, byte[], Candidate> {

    static final Duration TICK = Duration.ofSeconds(10);

    /** Rejected at a time, so that a tick is short; the rest follows with the next. */
    private static final int MAX_ENDED = 10_000;

    private final Map<String, Duration> windows;
    private final ExampleValidator validator;
    private final IngestMetrics metrics;
    private final Map<Half.Side, Integer> counts = new EnumMap<>(Half.Side.class);
    // Kafka Streams calls init before the first record.
    @SuppressWarnings("NullAway.Init")
    private WaitingHalves waiting;

    @SuppressWarnings("NullAway.Init")
    private WaitClock clock;

    private long storedMs;

    /** {@code windows}: by the name of the source. */
    LabelJoin(Map<String, Duration> windows, ExampleValidator validator, IngestMetrics metrics) {
        this.windows = windows;
        this.validator = validator;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], Candidate> context) {
        super.init(context);
        waiting = new WaitingHalves(context.getStateStore(WaitingHalves.STORE));
        storedMs = waiting.timeMs();
        clock = new WaitClock(storedMs, Collections.max(windows.values()), context.currentSystemTimeMs());
        waiting.sides().forEach(side -> count(side, 1));
        Duration shortest = Collections.min(windows.values());
        Duration tick = shortest.compareTo(TICK.multipliedBy(4)) < 0 ? shortest.dividedBy(4) : TICK;
        context.schedule(tick, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<String, Half> record) {
        Half half = record.value();
        clock.saw(record.timestamp(), half.origin().timestampMs());
        Optional<Entry> known = waiting.find(record.key());
        if (known.isEmpty()) {
            keep(record.key(), half);
        } else if (isNew(half, known.get())) {
            join(record.key(), half, Objects.requireNonNull(known.get().half(), record.key()), record.timestamp());
        } else if (isSame(half, known.get())) {
            metrics.of(half.taskKey()).duplicate().increment();
        } else {
            reject(half, RejectionReason.CONFLICTING_ID, conflict(half), record.timestamp());
        }
    }

    /** Together with what waits, or that would end by another clock after a crash. */
    private void storeTime() {
        if (storedMs != clock.timeMs()) {
            storedMs = clock.timeMs();
            waiting.putTime(storedMs);
        }
    }

    private void keep(String key, Half half) {
        storeTime();
        boolean isText = half.side() == Half.Side.TEXT;
        waiting.put(key, new Entry(half, isText ? fingerprint(half) : null, isText ? null : half.label(), end(half)));
        count(half.side(), 1);
    }

    private void count(Half.Side side, int change) {
        counts.merge(side, change, Integer::sum);
        metrics.waiting(side, change);
    }

    private static boolean isNew(Half half, Entry known) {
        return (half.side() == Half.Side.TEXT ? known.text() : known.label()) == null;
    }

    private static boolean isSame(Half half, Entry known) {
        return half.side() == Half.Side.TEXT
                ? fingerprint(half).equals(known.text())
                : half.label().equals(known.label());
    }

    private void join(String key, Half came, Half waited, long timestamp) {
        Half text = came.side() == Half.Side.TEXT ? came : waited;
        Half label = came.side() == Half.Side.TEXT ? waited : came;
        count(waited.side(), -1);
        metrics.of(label.taskKey()).joined().increment();
        Half whole = text.with(label);
        byte[] example = whole.value();
        Validation validation = validator.validate(text.taskKey(), example);
        if (validation.accepted().isPresent()) {
            waiting.put(key, new Entry(null, fingerprint(text), label.label(), end(text)));
        } else {
            // Nothing came of it, so that another text and another label may come.
            waiting.remove(key);
        }
        forward(whole, new Candidate(example, text.origin(), validation), timestamp);
    }

    private void tick(long nowMs) {
        clock.tick(nowMs);
        if (waiting.isEmpty()) {
            return;
        }
        storeTime();
        for (Half half : waiting.removeEnded(clock.timeMs(), MAX_ENDED)) {
            count(half.side(), -1);
            boolean isText = half.side() == Half.Side.TEXT;
            reject(
                    half,
                    isText ? RejectionReason.UNLABELLED : RejectionReason.LABEL_WITHOUT_TEXT,
                    (isText ? "label: expected one for id " : "text: expected one for the label of id ")
                            + LogSafe.quoted(half.id()) + " within " + windows.get(half.source())
                            + " as labels.window of source " + half.source() + " says, got none",
                    nowMs);
        }
    }

    private void reject(Half half, RejectionReason reason, String detail, long timestamp) {
        forward(half, new Candidate(half.value(), half.origin(), new Rejected(reason, detail)), timestamp);
    }

    private void forward(Half half, Candidate candidate, long timestamp) {
        context().forward(new Record<>(half.taskKey(), candidate, timestamp, new RecordHeaders()));
    }

    private long end(Half half) {
        return clock.timeMs() + windowOf(half).toMillis();
    }

    private Duration windowOf(Half half) {
        // A source may have been removed from the configuration while its halves were on their way.
        return windows.getOrDefault(half.source(), Collections.min(windows.values()));
    }

    private static String fingerprint(Half text) {
        return Sha256.of(text.task() + "\0" + text.example());
    }

    private static String conflict(Half half) {
        return half.side().words() + ": expected the one that came first for id " + LogSafe.quoted(half.id())
                + " of source " + half.source() + ", got another";
    }

    @Override
    public void close() {
        // The store may be closed already.
        counts.forEach((side, count) -> metrics.waiting(side, -count));
        counts.clear();
    }
}
