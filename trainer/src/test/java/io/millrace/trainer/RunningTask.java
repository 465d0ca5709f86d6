package io.millrace.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Origin;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointRetention;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.checkpoint.LocatedAnnouncement;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.Announcements;
import io.millrace.trainer.lineage.ResumePoint;
import io.millrace.trainer.lineage.Rollback;
import io.millrace.trainer.lineage.TaskTopics;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.TaskTopics.LeftBehind;
import io.millrace.trainer.lineage.UncheckpointedTraining;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A task's run with the real learner and store, without Kafka: records are handed in, announcements are kept. */
public final class RunningTask implements AutoCloseable {

    public static final int PARTITION = 2;

    private static final double TOO_MUCH = 1e38;

    private final Path root;
    private final Announcements announcements;
    private final SimpleMeterRegistry registry;
    private final MovableClock clock = new MovableClock();
    private final List<PolledRecord> fed = new ArrayList<>();
    private final Set<String> promoted = new HashSet<>();
    private final PublishedVerdicts verdicts;
    private final TrainedTask task;
    private final CheckpointStore store;
    private final CheckpointThread thread = new CheckpointThread();
    private TaskTrainer run;

    /** Resumes after the announcements so far. */
    public RunningTask(TrainedTask task, Path root, Announcements announcements, long beginning) {
        this(task, root, announcements, topics(task, announcements, beginning, Optional.empty()));
    }

    /** Resumes where the topics say. */
    public RunningTask(TrainedTask task, Path root, Announcements announcements, TaskTopics topics) {
        this(task, root, announcements, topics, new SimpleMeterRegistry());
    }

    /** The same in a process with these meters. */
    public RunningTask(
            TrainedTask task, Path root, Announcements announcements, TaskTopics topics, SimpleMeterRegistry registry) {
        this(task, root, announcements, topics, registry, new PublishedVerdicts());
    }

    /** The same with these verdicts. */
    public RunningTask(
            TrainedTask task,
            Path root,
            Announcements announcements,
            TaskTopics topics,
            SimpleMeterRegistry registry,
            PublishedVerdicts verdicts) {
        this.verdicts = verdicts;
        this.task = task;
        this.root = root;
        this.registry = registry;
        this.announcements = announcements;
        store = new CheckpointStore(root, task.task().name());
        store.removeStale();
        run = open(topics);
    }

    private TaskTrainer open(TaskTopics topics) {
        ResumePoint start = ResumePoint.of(task, store, topics);
        return new TaskTrainer(
                start,
                new TaskTrainer.Dependencies(
                        Sentiments.KAFKA,
                        store,
                        announcing(),
                        new TrainerMetrics(registry, task.task().name()),
                        new RejectedRecords(1 << 20),
                        clock,
                        thread,
                        task.training().policy().isActive()
                                ? Optional.of(verdicts.from(
                                        start.checkpoints().policy().state().map(PolicyState::verdicts)))
                                : Optional.empty()));
    }

    /** As if every announcement were judged at once. */
    private AnnouncementSink announcing() {
        CheckpointRetention retention = new CheckpointRetention(
                store,
                task.training().checkpoints(),
                announcements.all().stream().map(RunningTask::placed).toList(),
                () -> Map.of(0, Long.MAX_VALUE));
        return (announcement, pendingRecords) -> {
            announcements.announce(announcement, pendingRecords);
            retention.announced(placed(announcement));
            retention.apply();
        };
    }

    private static LocatedAnnouncement placed(CheckpointAnnouncement announcement) {
        return new LocatedAnnouncement(announcement, 0, 0);
    }

    /** Topics in which the task stays in its partition. */
    public static TaskTopics topics(
            TrainedTask task, Announcements announcements, long beginning, Optional<CoveredOffset> covered) {
        Bounds texts = new Bounds(PARTITION, 0, Long.MAX_VALUE);
        return new TaskTopics(
                announcements.all(),
                new Bounds(PARTITION, beginning, Long.MAX_VALUE),
                task.training().batching().unlabelledTexts() > 0 ? Optional.of(texts) : Optional.empty(),
                covered,
                (partition, offset) -> new LeftBehind(0, 0, 0, 0));
    }

    /** Says that a checkpoint was promoted. */
    public void promoted(String id) {
        promoted.add(id);
    }

    /** Publishes a verdict on a checkpoint. */
    public void judge(String id, Verdict verdict) {
        verdicts.publish(id, verdict);
    }

    private List<PolledRecord> fed(OffsetRange range) {
        return fed.stream()
                .filter(record -> range.first() <= record.offset() && record.offset() < range.next())
                .toList();
    }

    public TaskTrainer run() {
        return run;
    }

    /** Hands in the examples at these offsets and trains every full mini-batch. */
    public void feed(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            accept(offset, Sentiments.example(offset));
        }
        advance();
    }

    /** Hands in examples whose loss is not finite. */
    public void feedTooMuch(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            LabelledExample one = Sentiments.example(offset);
            accept(offset, new LabelledExample(one.id(), one.text(), null, one.label(), null, TOO_MUCH, null));
        }
        advance();
    }

    public void accept(long offset, LabelledExample example) {
        String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, offset, producedMs(offset))));
        PolledRecord record = new PolledRecord(offset, json.getBytes(StandardCharsets.UTF_8));
        fed.add(record);
        run.accept(record);
    }

    /** When the example at an offset was produced: a second after the one before. */
    static long producedMs(long offset) {
        return 1_000 * offset;
    }

    public void acceptMalformed(long offset) {
        PolledRecord record = new PolledRecord(offset, new byte[] {'{'});
        fed.add(record);
        run.accept(record);
    }

    /** Hands in the unlabelled texts at these offsets. */
    public void feedTexts(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            run.acceptText(
                    new PolledRecord(offset, Json.write(Sentiments.text(offset)).getBytes(StandardCharsets.UTF_8)));
        }
    }

    void acceptMalformedText(long offset) {
        run.acceptText(new PolledRecord(offset, new byte[] {'{'}));
    }

    /** Trains every full mini-batch, and waits for the last checkpoint. */
    public void advance() {
        while (run.advance()) {
            // Until no full mini-batch is left.
        }
        rollBackIfNeeded();
        run.settle();
    }

    /** Does what the loop does: closes the run, rolls back, and reads pending records again. */
    private void rollBackIfNeeded() {
        if (run.returns() && !Rollback.reachesPromoted(store, run.covered().checkpoint(), promoted)) {
            run.stay();
        }
        if (run.hasExploded() || run.returns()) {
            UncheckpointedTraining undone = run.uncheckpointed();
            run.close();
            new Rollback(Sentiments.KAFKA, task, store, announcing(), new RejectedRecords(1 << 20), this::fed)
                    .undo(undone, announcements.all(), promoted);
            run = open(topics(task, announcements, 0, Optional.empty()));
            fed.forEach(run::accept);
            advance();
        }
    }

    /** Lets time pass as the loop sees it. */
    void pass(Duration time) {
        clock.move(time);
        run.advance();
        run.idle(true);
        rollBackIfNeeded();
        run.settle();
    }

    /** Lets time pass while the partition is read to an offset that is not its end. */
    void passBehind(Duration time, long position) {
        clock.move(time);
        run.readTo(position);
        run.idle(false);
        run.settle();
    }

    /** The manifest of the newest announced checkpoint, its files checked. */
    public CheckpointManifest lastManifest() {
        return CheckpointManifest.readVerified(
                root.resolve(announcements.last().checkpoint().location()));
    }

    public long accepted() {
        return (long) registry.get("millrace.trainer.accepted").counter().count();
    }

    long examples(String outcome) {
        return (long) registry.get("millrace.trainer.examples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    long truncated() {
        return (long) registry.get("millrace.trainer.truncated").counter().count();
    }

    long textsRead() {
        return (long) registry.get("millrace.trainer.texts.read").counter().count();
    }

    /** As {@link #accountedFor}, of {@link #textsRead}. */
    long textsAccountedFor() {
        double outcomes = registry.get("millrace.trainer.texts").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
        return (long) outcomes + pending("millrace.trainer.texts.pending");
    }

    /** Trained, quarantined, malformed, released and pending: which must add up to {@link #accepted}. */
    public long accountedFor() {
        return examples("trained")
                + examples("quarantined")
                + examples("malformed")
                + examples("released")
                + pending("millrace.trainer.pending");
    }

    /** A task that has left has no such gauge, and nothing that waits. */
    private long pending(String gauge) {
        return registry.find(gauge).gauges().stream()
                .mapToLong(one -> (long) one.value())
                .sum();
    }

    @Override
    public void close() {
        run.close();
        thread.close();
    }
}
