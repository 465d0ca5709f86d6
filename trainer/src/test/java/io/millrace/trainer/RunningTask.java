package io.millrace.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectedRecords;
import io.millrace.trainer.checkpoint.Announced;
import io.millrace.trainer.checkpoint.CheckpointRetention;
import io.millrace.trainer.checkpoint.CheckpointStore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A task's run with the real learner and store, without Kafka: records are handed in, announcements are kept. */
final class RunningTask implements AutoCloseable {

    static final int PARTITION = 2;

    private static final double TOO_MUCH = 1e38;

    private final Path root;
    private final Announcements announcements;
    private final SimpleMeterRegistry registry;
    private final MovableClock clock = new MovableClock();
    private final List<Arrival> fed = new ArrayList<>();
    private final Set<String> promoted = new HashSet<>();
    private final TaskRun run;

    /** Takes up where the announcements so far say. */
    RunningTask(TrainedTask task, Path root, Announcements announcements, long beginning) {
        this(task, root, announcements, beginning, new SimpleMeterRegistry());
    }

    /** The same in a process with these meters. */
    RunningTask(
            TrainedTask task, Path root, Announcements announcements, long beginning, SimpleMeterRegistry registry) {
        this.root = root;
        this.registry = registry;
        this.announcements = announcements;
        CheckpointStore store = new CheckpointStore(root, task.task().name());
        store.removeStale();
        CheckpointRetention retention = new CheckpointRetention(
                store,
                task.training().checkpoints(),
                announcements.all().stream().map(RunningTask::placed).toList(),
                () -> Map.of(0, Long.MAX_VALUE));
        run = new TaskRun(
                Restored.of(task, store, announcements.all(), PARTITION, beginning),
                0,
                new TaskRun.Surroundings(
                        store,
                        (announcement, castOut) -> {
                            announcements.announce(announcement, castOut);
                            retention.announced(placed(announcement));
                            retention.apply();
                        },
                        new Rollback(task, store, PARTITION, new Fed()),
                        new TrainerMetrics(registry, task.task().name()),
                        new RejectedRecords(1 << 20),
                        clock));
    }

    /** As if every announcement were judged at once. */
    private static Announced placed(CheckpointAnnouncement announcement) {
        return new Announced(announcement, 0, 0);
    }

    /** Says that a checkpoint was promoted. */
    void promoted(String id) {
        promoted.add(id);
    }

    /** What was handed in and announced stands for the topics. */
    private final class Fed implements Rollback.Past {

        @Override
        public List<CheckpointAnnouncement> history() {
            return announcements.all();
        }

        @Override
        public Set<String> promoted() {
            return promoted;
        }

        @Override
        public List<Arrival> records(OffsetRange range) {
            return fed.stream()
                    .filter(arrival -> range.first() <= arrival.offset() && arrival.offset() < range.next())
                    .toList();
        }

        @Override
        public long beginning() {
            return 0;
        }
    }

    TaskRun run() {
        return run;
    }

    /** Hands in the examples at these offsets and trains every full mini-batch. */
    void feed(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            accept(offset, Sentiments.example(offset));
        }
        advance();
    }

    /** Hands in examples whose loss is not finite. */
    void feedTooMuch(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            LabelledExample one = Sentiments.example(offset);
            accept(offset, new LabelledExample(one.id(), one.text(), null, one.label(), null, TOO_MUCH, null));
        }
        advance();
    }

    void accept(long offset, LabelledExample example) {
        String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, offset, 0)));
        Arrival arrival = new Arrival(offset, json.getBytes(StandardCharsets.UTF_8));
        fed.add(arrival);
        run.accept(arrival);
    }

    void acceptMalformed(long offset) {
        run.accept(new Arrival(offset, new byte[] {'{'}));
    }

    /** Hands in the unlabelled texts at these offsets. */
    void feedTexts(long first, long next) {
        for (long offset = first; offset < next; offset++) {
            run.acceptText(
                    new Arrival(offset, Json.write(Sentiments.text(offset)).getBytes(StandardCharsets.UTF_8)));
        }
    }

    void acceptMalformedText(long offset) {
        run.acceptText(new Arrival(offset, new byte[] {'{'}));
    }

    void advance() {
        while (run.advance()) {
            // Until no full mini-batch is left.
        }
    }

    /** Lets time pass as the loop sees it. */
    void pass(Duration time) {
        clock.move(time);
        run.advance();
        run.idle();
    }

    /** The manifest of the newest announced checkpoint, its files checked. */
    CheckpointManifest lastManifest() {
        return CheckpointManifest.readVerified(
                root.resolve(announcements.last().checkpoint().location()));
    }

    long accepted() {
        return (long) registry.get("millrace.trainer.accepted").counter().count();
    }

    long examples(String outcome) {
        return (long) registry.get("millrace.trainer.examples")
                .tag("outcome", outcome)
                .counter()
                .count();
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

    /** Trained, quarantined, malformed, released and pending: what {@link #accepted} must come to. */
    long accountedFor() {
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
    }
}
