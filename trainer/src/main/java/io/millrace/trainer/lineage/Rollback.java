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
import io.millrace.trainer.TaskTrainer;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.WithOffset;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.Outbox;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.LabelVocabulary;
import io.millrace.trainer.learner.Learner;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes back to the newest promoted checkpoint that is still in the store, or to the newest at all. What was trained since is undone, in
 * pieces: each is a checkpoint with the weights gone back to, whose mini-batches are recorded as undone and whose examples are rejected
 * in its transaction. So each offset is still accounted for exactly once, and ranges tile. If the process dies in between, what is
 * not undone yet is simply trained again. Afterwards the task is opened anew.
 */
public final class Rollback {

    private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);

    /** Most examples that are rejected in one transaction, unless a single mini-batch has more. */
    static final int MOST_EXAMPLES = 5_000;

    private final KafkaConnection kafka;
    private final TrainedTask task;
    private final CheckpointStore store;
    private final Past past;
    private final TaskTrainer.Announcing announcing;
    private final RejectedRecords rejectedRecords;

    /** What topics say of the task. */
    public interface Past {

        /** Every announcement, oldest first. */
        List<CheckpointAnnouncement> history();

        /** Ids of the checkpoints that were promoted. */
        Set<String> promoted();

        /** The records of {@code accepted-examples} in a range that the topic still holds. */
        List<PolledRecord> records(OffsetRange range);
    }

    public Rollback(
            KafkaConnection kafka,
            TrainedTask task,
            CheckpointStore store,
            Past past,
            TaskTrainer.Announcing announcing,
            RejectedRecords rejectedRecords) {
        this.kafka = kafka;
        this.task = task;
        this.store = store;
        this.past = past;
        this.announcing = announcing;
        this.rejectedRecords = rejectedRecords;
    }

    /**
     * Undoes what a run has trained since the checkpoint to go back to, and announces that.
     *
     * @return how many examples were trained in vain
     */
    public long undo(UncheckpointedTraining latest) {
        Ancestry ancestry = new Ancestry(past.history());
        List<CheckpointAnnouncement> chain = ancestry.chain(latest.parent());
        List<UncheckpointedTraining.Stretch> stretches = new ArrayList<>(List.of(latest.stretch()));
        Optional<CheckpointReference> target =
                latest.parent().map(id -> chain.get(0).checkpoint());
        int back = stepsBack(chain);
        for (int i = 0; i < back; i++) {
            stretches.add(0, stretchOf(chain.get(i)));
            target = Optional.of(chain.get(i + 1).checkpoint());
        }
        LOG.warn(
                "task {}: the loss has exploded. Going back to {}: what was trained at offsets {} to {} is undone",
                task.task().name(),
                target.map(CheckpointReference::id).orElse("the encoder"),
                stretches.get(0).offsets().first(),
                latest.stretch().offsets().next());
        Set<String> taken = new HashSet<>(ancestry.ids());
        try (Learner learner = target.map(to -> Learner.resume(task, store.resolve(to), to.step()))
                .orElseGet(() -> Learner.start(task))) {
            Line line = new Line(learner, taken, target.map(CheckpointReference::id), encoder(target));
            return announceAll(stretches, latest.castOut(), line);
        }
    }

    /** The branch that grows: its learner never changes. */
    private record Line(Learner learner, Set<String> taken, Optional<String> from, String encoderSha256) {}

    /** How many links of the chain lie behind the newest promoted one that can be gone back to; 0 if there is none. */
    private int stepsBack(List<CheckpointAnnouncement> chain) {
        Set<String> promoted = past.promoted();
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

    private UncheckpointedTraining.Stretch stretchOf(CheckpointAnnouncement link) {
        CheckpointManifest manifest = CheckpointManifest.read(store.resolve(link.checkpoint()));
        return new UncheckpointedTraining.Stretch(
                link.offsets(), link.texts(), link.gap(), manifest.lineage().miniBatches());
    }

    private String encoder(Optional<CheckpointReference> target) {
        return target.map(to ->
                        CheckpointManifest.read(store.resolve(to)).lineage().encoderSha256())
                .orElseGet(() -> ResumeCompatibility.encoderSha256(task));
    }

    private long announceAll(
            List<UncheckpointedTraining.Stretch> stretches, List<ProducerRecord<String, byte[]>> castOut, Line line) {
        LabelVocabulary labels = new LabelVocabulary(task.task(), line.learner().labels());
        Optional<String> parent = line.from();
        long undone = 0;
        for (int i = 0; i < stretches.size(); i++) {
            List<UncheckpointedTraining.Stretch> pieces = UndonePieces.of(stretches.get(i), MOST_EXAMPLES);
            for (int j = 0; j < pieces.size(); j++) {
                UncheckpointedTraining.Stretch piece = pieces.get(j);
                boolean isLast = i == stretches.size() - 1 && j == pieces.size() - 1;
                Outbox rejected =
                        new Outbox(kafka, task.task().name(), piece.offsets().partition(), rejectedRecords);
                undone += reject(piece, labels, rejected);
                List<ProducerRecord<String, byte[]>> records =
                        new ArrayList<>(rejected.takeBefore(piece.offsets().next(), 0));
                if (isLast) {
                    records.addAll(castOut);
                }
                parent = Optional.of(announce(piece, records, parent, line));
            }
        }
        return undone;
    }

    /** Rejects what was trained in a piece. What was rejected before is not among it. */
    private long reject(UncheckpointedTraining.Stretch piece, LabelVocabulary labels, Outbox rejected) {
        List<WithOffset<LabelledExample>> examples = new ArrayList<>();
        for (PolledRecord arrival : past.records(piece.offsets())) {
            arrival.example(task.task().kind())
                    .filter(example -> labels.admits(example.label()))
                    .ifPresent(example -> examples.add(new WithOffset<>(arrival.offset(), example)));
        }
        long undone = 0;
        for (MiniBatchRange range : piece.miniBatches()) {
            if (isTrained(range)) {
                List<WithOffset<LabelledExample>> entries = examples.stream()
                        .filter(entry -> range.first() <= entry.offset() && entry.offset() < range.next())
                        .toList();
                rejected.undone(entries);
                undone += entries.size();
            }
        }
        return undone;
    }

    private String announce(
            UncheckpointedTraining.Stretch piece,
            List<ProducerRecord<String, byte[]>> records,
            Optional<String> parent,
            Line line) {
        List<MiniBatchRange> miniBatches =
                piece.miniBatches().stream().map(Rollback::undone).toList();
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent.orElse(null),
                task.training().sha256(task.task()),
                piece.offsets(),
                miniBatches,
                piece.texts(),
                piece.gap(),
                line.encoderSha256());
        CheckpointReference reference = store.write(line.learner().step(), lineage, line.taken(), line.learner()::save);
        announcing.announce(
                new CheckpointAnnouncement(
                        reference, parent.orElse(null), piece.offsets(), 0, Map.of(), piece.texts(), piece.gap()),
                records);
        line.taken().add(reference.id());
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
