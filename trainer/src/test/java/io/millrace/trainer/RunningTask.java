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
import io.millrace.trainer.checkpoint.CheckpointStore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A task's run with the real learner and store, without Kafka: records are handed in, announcements are kept. */
final class RunningTask implements AutoCloseable {

    static final int PARTITION = 2;

    private static final double TOO_MUCH = 1e38;

    private final Path root;
    private final Announcements announcements;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock();
    private final List<Arrival> fed = new ArrayList<>();
    private final Set<String> promoted = new HashSet<>();
    private final TaskRun run;

    /** Takes up where the announcements so far say. */
    RunningTask(TrainedTask task, Path root, Announcements announcements, long beginning) {
        this.root = root;
        this.announcements = announcements;
        CheckpointStore store = new CheckpointStore(root, task.task().name());
        store.removeStale();
        run = new TaskRun(
                Restored.of(task, store, announcements.all(), PARTITION, beginning),
                0,
                new TaskRun.Surroundings(
                        store,
                        announcements,
                        new Rollback(task, store, PARTITION, new Fed()),
                        new TrainerMetrics(registry, task.task().name()),
                        clock));
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
        return (long) (outcomes
                + registry.get("millrace.trainer.texts.pending").gauge().value());
    }

    /** Trained, quarantined, malformed, released and pending: what {@link #accepted} must come to. */
    long accountedFor() {
        return examples("trained")
                + examples("quarantined")
                + examples("malformed")
                + examples("released")
                + (long) registry.get("millrace.trainer.pending").gauge().value();
    }

    @Override
    public void close() {
        run.close();
    }
}
