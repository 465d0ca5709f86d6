package io.millrace.ingest;

import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.seen.Fingerprint;
import io.millrace.ingest.seen.Fingerprints;
import io.millrace.ingest.seen.SeenExamples;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * Fifth step: within the window and within one task,
 *
 * <ul>
 *   <li>a known id with the same content is a duplicate: counted and dropped;
 *   <li>a known id with another content is rejected as {@link RejectionReason#CONFLICTING_ID};
 *   <li>a new id with a known content is a duplicate as well, and the id is known from then on;
 *   <li>anything else is accepted, including a known text with a new id and another label: labels may be corrected.
 * </ul>
 *
 * <p>The content is the normalised text, or pair, and the label. The window starts when an id or a content is first
 * seen; repeats do not lengthen it.
 *
 * <p>Time here is the highest timestamp seen on {@code examples} so far, capped at this machine's clock. So duplicates in a
 * backlog are found, however long ingest was down, and one record from the far future cannot make ingest forget: time then
 * follows this machine's clock. A clock that is set back does not make it forget either.
 */
final class Deduplicator extends ContextualFixedKeyProcessor<byte[], Candidate, Candidate> {

    /** Entries of the store that are read before the first record: a moment's work. */
    private static final int LEARNT_AT_START = 50_000;

    /** And then each time, between records; some 20 ms. */
    private static final int LEARNT_AT_ONCE = 10_000;

    private static final Duration LEARN_EVERY = Duration.ofMillis(100);

    private final Duration window;
    private final IngestMetrics metrics;
    private final Fingerprints fingerprints = new Fingerprints();
    // Kafka Streams calls init before the first record.
    @SuppressWarnings("NullAway.Init")
    private SeenExamples seen;

    private @Nullable Cancellable learning;
    private long newestMs;

    Deduplicator(Duration window, IngestMetrics metrics) {
        this.window = window;
        this.metrics = metrics;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Candidate> context) {
        super.init(context);
        this.seen = new SeenExamples(context.getStateStore(SeenExamples.STORE), window);
        this.newestMs = seen.newestMs();
        if (seen.learn(LEARNT_AT_START)) {
            Cancellable learning = context.schedule(LEARN_EVERY, PunctuationType.WALL_CLOCK_TIME, this::learn);
            this.learning = learning;
        }
    }

    private void learn(long nowMs) {
        if (!seen.learn(LEARNT_AT_ONCE) && learning != null) {
            learning.cancel();
        }
    }

    @Override
    public void process(FixedKeyRecord<byte[], Candidate> record) {
        Candidate candidate = record.value();
        newestMs = Math.max(newestMs, candidate.origin().timestampMs());
        candidate
                .validation()
                .accepted()
                .map(accepted -> judge(TaskRegistry.name(record.key()), accepted))
                .orElseGet(() -> Optional.of(candidate.validation()))
                .ifPresentOrElse(
                        validation -> context().forward(record.withValue(candidate.with(validation))),
                        () -> metrics.of(record.key()).duplicate().increment());
    }

    /** The example itself, its rejection, or nothing if it is a duplicate. */
    private Optional<Validation> judge(String task, Accepted accepted) {
        Fingerprint id = fingerprints.ofId(task, accepted.example().id());
        Fingerprint content = fingerprints.ofContent(TextFingerprint.contentOf(task, accepted.example()));
        long nowMs = Math.min(newestMs, context().currentSystemTimeMs());

        Optional<Fingerprint> known = seen.contentOf(id, nowMs);
        if (known.isPresent()) {
            return known.get().equals(content)
                    ? Optional.empty()
                    : Optional.of(conflict(accepted.example().id()));
        }
        boolean isNewContent = !seen.holdsContent(content, nowMs);
        seen.remember(id, content, isNewContent, nowMs);
        return isNewContent ? Optional.of(accepted) : Optional.empty();
    }

    private Validation conflict(String id) {
        return new Rejected(
                RejectionReason.CONFLICTING_ID,
                "id: expected a new one, got " + LogSafe.quoted(id) + ", which came with another content less than "
                        + window + " ago");
    }
}
