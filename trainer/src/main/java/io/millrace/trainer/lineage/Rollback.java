package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.WithOffset;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.Outbox;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.LabelVocabulary;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.policy.PolicyRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Rolls a task back, after a loss explosion or because its policy says so: to its newest promoted checkpoint that is still in the store,
 * or to its newest checkpoint if there is none. Training since then is undone in pieces. Each piece is a checkpoint with the restored
 * weights, whose mini-batches are recorded as undone and whose examples are rejected in its transaction. So each offset is still
 * accounted for exactly once, and ranges tile. If the process dies in between, the rest is simply trained again. The caller then reopens
 * the task.
 */
public final class Rollback {

    private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);

    /** Most examples that are rejected in one transaction, unless a single mini-batch has more. */
    static final int MAX_EXAMPLES = 5_000;

    private final KafkaConnection kafka;
    private final TrainedTask task;
    private final CheckpointStore store;
    private final AnnouncementSink announcements;
    private final RejectedRecords rejectedRecords;
    private final Function<OffsetRange, List<PolledRecord>> acceptedRecords;

    /**
     * A rollback of one task.
     *
     * @param announcements announces its checkpoints
     * @param acceptedRecords reads the task's records of {@code accepted-examples} in a range, as far as the topic still holds them
     */
    public Rollback(
            KafkaConnection kafka,
            TrainedTask task,
            CheckpointStore store,
            AnnouncementSink announcements,
            RejectedRecords rejectedRecords,
            Function<OffsetRange, List<PolledRecord>> acceptedRecords) {
        this.kafka = kafka;
        this.task = task;
        this.store = store;
        this.announcements = announcements;
        this.rejectedRecords = rejectedRecords;
        this.acceptedRecords = acceptedRecords;
    }

    /**
     * Whether a promoted checkpoint can be restored, and the training of whole checkpoints since be undone. It asks the store alone: the
     * newest announcement may not be readable yet.
     *
     * @param newest id of the newest checkpoint; null if there is none
     * @param promoted ids of the task's promoted checkpoints
     */
    public static boolean reachesPromoted(CheckpointStore store, @Nullable String newest, Set<String> promoted) {
        String id = newest;
        try {
            while (id != null && !promoted.contains(id)) {
                id = CheckpointManifest.readVerified(store.directory(id))
                        .lineage()
                        .parent();
            }
            if (id != null) {
                CheckpointManifest.readVerified(store.directory(id));
            }
        } catch (CorruptCheckpointException e) {
            return false;
        }
        return id != null && !id.equals(newest);
    }

    /**
     * Undoes all training since the checkpoint to go back to, and announces that.
     *
     * @param latest training since the newest checkpoint
     * @param history the task's announcements, oldest first
     * @param promoted ids of its promoted checkpoints
     * @return how many trained examples were undone
     */
    public long undo(UncheckpointedTraining latest, List<CheckpointAnnouncement> history, Set<String> promoted) {
        Ancestry ancestry = new Ancestry(history);
        List<CheckpointAnnouncement> chain = ancestry.chain(latest.parent());
        List<RolledBackRange> ranges = new ArrayList<>(List.of(latest.range()));
        Optional<CheckpointReference> target =
                latest.parent().map(id -> chain.get(0).checkpoint());
        int back = stepsBack(chain, promoted);
        for (int i = 0; i < back; i++) {
            ranges.add(0, rangeOf(chain.get(i)));
            target = Optional.of(chain.get(i + 1).checkpoint());
        }
        if (latest.range().isEmpty() && ranges.size() > 1) {
            ranges.remove(ranges.size() - 1);
        }
        LOG.warn(
                "task {}: {}. Rolling back to {}: training at offsets {} to {} is undone",
                task.task().name(),
                latest.reactions().isEmpty() ? "the loss has exploded" : "the policy returns to the champion",
                target.map(CheckpointReference::id).orElse("the encoder"),
                ranges.get(0).offsets().first(),
                latest.range().offsets().next());
        Set<String> taken = new HashSet<>(ancestry.ids());
        try (Learner learner = target.map(to -> Learner.resume(task, store.resolve(to), to.step()))
                .orElseGet(() -> Learner.start(task))) {
            Branch branch = new Branch(learner, taken, target.map(CheckpointReference::id), encoder(target));
            return announceAll(ranges, latest, branch);
        }
    }

    /** The new branch of checkpoints. All have the same weights. */
    private record Branch(
            Learner learner, Set<String> taken, Optional<String> parent, @Nullable String encoderSha256) {}

    /** How many links of the chain come after the newest promoted one that can be restored; 0 if there is none. */
    private int stepsBack(List<CheckpointAnnouncement> chain, Set<String> promoted) {
        for (int i = 0; i < chain.size() && isWhole(chain.get(i)); i++) {
            if (promoted.contains(chain.get(i).checkpoint().id())) {
                return i;
            }
        }
        return 0;
    }

    private boolean isWhole(CheckpointAnnouncement link) {
        try {
            CheckpointManifest.readVerified(store.resolve(link.checkpoint()));
            return true;
        } catch (CorruptCheckpointException e) {
            return false;
        }
    }

    private RolledBackRange rangeOf(CheckpointAnnouncement link) {
        CheckpointManifest manifest = CheckpointManifest.read(store.resolve(link.checkpoint()));
        return new RolledBackRange(
                link.offsets(), link.texts(), link.gap(), manifest.lineage().miniBatches());
    }

    private @Nullable String encoder(Optional<CheckpointReference> target) {
        return target.map(to ->
                        CheckpointManifest.read(store.resolve(to)).lineage().encoderSha256())
                .orElseGet(() -> ResumeCompatibility.encoderSha256(task));
    }

    private long announceAll(List<RolledBackRange> ranges, UncheckpointedTraining latest, Branch branch) {
        LabelVocabulary labels =
                new LabelVocabulary(task.task(), branch.learner().labels());
        Optional<String> parent = branch.parent();
        long undone = 0;
        for (int i = 0; i < ranges.size(); i++) {
            List<RolledBackRange> pieces = ranges.get(i).split(MAX_EXAMPLES);
            for (int j = 0; j < pieces.size(); j++) {
                RolledBackRange piece = pieces.get(j);
                boolean isLast = i == ranges.size() - 1 && j == pieces.size() - 1;
                Outbox rejected =
                        new Outbox(kafka, task.task().name(), piece.offsets().partition(), rejectedRecords);
                undone += reject(piece, labels, rejected, !latest.reactions().isEmpty());
                List<ProducerRecord<String, byte[]>> records =
                        new ArrayList<>(rejected.takeBefore(piece.offsets().next(), 0));
                if (isLast) {
                    records.addAll(latest.pendingRecords());
                }
                boolean isFirst = i == 0 && j == 0;
                PolicyRecord policy = latest.policy();
                parent = Optional.of(announce(
                        piece,
                        records,
                        parent,
                        branch,
                        isFirst ? policy : new PolicyRecord(null, policy.state(), null)));
            }
        }
        return undone;
    }

    /** Rejects the trained examples of a piece. Those rejected before are not among them. */
    private long reject(RolledBackRange piece, LabelVocabulary labels, Outbox rejected, boolean returns) {
        List<WithOffset<LabelledExample>> examples = new ArrayList<>();
        for (PolledRecord record : acceptedRecords.apply(piece.offsets())) {
            record.example(task.task().kind())
                    .filter(example -> labels.admits(example.label()))
                    .ifPresent(example -> examples.add(new WithOffset<>(record.offset(), example)));
        }
        long undone = 0;
        for (MiniBatchRange range : piece.miniBatches()) {
            if (isTrained(range)) {
                List<WithOffset<LabelledExample>> entries = examples.stream()
                        .filter(entry -> range.first() <= entry.offset() && entry.offset() < range.next())
                        .toList();
                if (returns) {
                    rejected.returned(entries);
                } else {
                    rejected.undone(entries);
                }
                undone += entries.size();
            }
        }
        return undone;
    }

    private String announce(
            RolledBackRange piece,
            List<ProducerRecord<String, byte[]>> records,
            Optional<String> parent,
            Branch branch,
            PolicyRecord policy) {
        List<MiniBatchRange> miniBatches =
                piece.miniBatches().stream().map(Rollback::undone).toList();
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent.orElse(null),
                task.training().sha256(task.task()),
                piece.offsets(),
                miniBatches,
                piece.texts(),
                piece.gap(),
                branch.encoderSha256(),
                policy.adjustments(),
                policy.state(),
                null);
        CheckpointReference reference =
                store.write(branch.learner().step(), lineage, branch.taken(), branch.learner()::save);
        CheckpointAnnouncement announcement = new CheckpointAnnouncement(
                reference,
                parent.orElse(null),
                piece.offsets(),
                0,
                Map.of(),
                piece.texts(),
                piece.gap(),
                policy.reactions());
        announcements.announce(announcement, records);
        announcements.announced(announcement, records);
        branch.taken().add(reference.id());
        return reference.id();
    }

    private static MiniBatchRange undone(MiniBatchRange range) {
        return isTrained(range)
                ? new MiniBatchRange(range.first(), range.next(), range.examples(), Outcome.UNDONE, range.texts())
                : range;
    }

    private static boolean isTrained(MiniBatchRange range) {
        return range.outcome() == Outcome.TRAINED || range.outcome() == Outcome.TRAINED_SHORT;
    }
}
