package io.millrace.trainer;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.PolicyState.VerdictPosition;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.policy.VerdictFeed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps verdicts in place of a topic. Any number of readers may read them. */
public final class PublishedVerdicts {

    /** The probe set that all verdicts rest on. */
    public static final String PROBE_SET = "typos";

    private static final int PARTITION = 1;

    private final List<ModelUpdate> published = new CopyOnWriteArrayList<>();

    private Runnable delivered = () -> {};

    /** Publishes a verdict on a checkpoint. */
    public void publish(String checkpoint, Verdict verdict) {
        published.add(verdict(checkpoint, verdict));
    }

    /** How many are published. */
    int count() {
        return published.size();
    }

    /** Calls {@code hook} whenever a reader has got a verdict. */
    void onDelivery(Runnable hook) {
        delivered = hook;
    }

    /** A verdict that rests on one probe set. */
    public static ModelUpdate verdict(String checkpoint, Verdict verdict) {
        return verdict(checkpoint, verdict, "first");
    }

    /** A verdict that rests on a version of that probe set. */
    public static ModelUpdate verdict(String checkpoint, Verdict verdict, String version) {
        ProbeSetReference probes =
                new ProbeSetReference(PROBE_SET, Sha256.of(version), Distribution.OUT_OF_DISTRIBUTION, 100);
        return verdict(checkpoint, verdict, List.of(new ProbeScore(probes, 0.5, 0.5, 1, 0.1)));
    }

    /** A verdict with these scores. */
    public static ModelUpdate verdict(String checkpoint, Verdict verdict, List<ProbeScore> scores) {
        CheckpointReference reference =
                new CheckpointReference("sentiment", checkpoint, 1, "sentiment/" + checkpoint, Sha256.of(checkpoint));
        return new ModelUpdate(
                verdict,
                List.of(),
                new ModelUpdate.PublishedModel(reference, null, null),
                scores,
                null,
                new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)));
    }

    /** A reader from a position; from the end if there is none. */
    public VerdictFeed from(Optional<VerdictPosition> position) {
        return new Feed(position.map(VerdictPosition::offset).orElse((long) published.size()));
    }

    private final class Feed implements VerdictFeed {

        private long next;

        Feed(long next) {
            this.next = next;
        }

        @Override
        public List<LocatedVerdict> poll() {
            List<LocatedVerdict> verdicts = new ArrayList<>();
            for (; next < published.size(); next++) {
                verdicts.add(new LocatedVerdict(published.get((int) next), next));
                delivered.run();
            }
            return verdicts;
        }

        @Override
        public VerdictPosition position() {
            return new VerdictPosition(PARTITION, next);
        }

        @Override
        public void close() {
            // A list needs no closing.
        }
    }
}
