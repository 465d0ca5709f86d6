package io.millrace.app.bench;

import io.millrace.app.service.ServiceListener;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.StorePaths;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows examples through trainer and evaluator: when they were trained on, when a checkpoint with them was announced, and when a model with
 * them was promoted. Times are those at which the services have published; a promoted checkpoint holds its ancestors' examples too.
 */
final class Followed implements ServiceListener {

    private final Path store;
    private final Map<Long, Long> millisByStep = new ConcurrentHashMap<>();
    private final Map<String, CheckpointAnnouncement> announced = new ConcurrentHashMap<>();
    private final Queue<Judged> verdicts = new ConcurrentLinkedQueue<>();
    private final AtomicLong newestPromoted = new AtomicLong(-1);
    final Reached trained = new Reached();
    final Reached inCheckpoint = new Reached();
    final Reached promoted = new Reached();

    private record Judged(ModelUpdate update, long atMs) {}

    /** Of services with this store. */
    Followed(Path store) {
        this.store = store;
    }

    @Override
    public void step(String task, long step, Map<String, Double> figures) {
        millisByStep.put(step, System.currentTimeMillis());
    }

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        inCheckpoint.add(announcement.offsets().next(), System.currentTimeMillis());
        announced.put(announcement.checkpoint().id(), announcement.withoutMeans());
        List<MiniBatchRange> steps = manifest(announcement).lineage().miniBatches().stream()
                .filter(batch -> batch.outcome() == Outcome.TRAINED || batch.outcome() == Outcome.TRAINED_SHORT)
                .toList();
        long step = announcement.checkpoint().step() - steps.size();
        for (MiniBatchRange batch : steps) {
            Long millis = millisByStep.remove(++step);
            if (millis != null) {
                trained.add(batch.next(), millis);
            }
        }
    }

    /** Read at once: the trainer deletes old checkpoints. */
    private CheckpointManifest manifest(CheckpointAnnouncement announcement) {
        Path directory = StorePaths.resolve(store, announcement.checkpoint().location());
        try {
            return Json.mapper()
                    .readValue(directory.resolve(CheckpointManifest.FILE_NAME).toFile(), CheckpointManifest.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifest of " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        verdicts.add(new Judged(update, System.currentTimeMillis()));
        CheckpointAnnouncement announcement =
                announced.get(update.model().checkpoint().id());
        if (update.verdict() == Verdict.PROMOTED && announcement != null) {
            promoted.add(announcement.offsets().next(), System.currentTimeMillis());
            if (announcement.produced() != null) {
                newestPromoted.set(announcement.produced().newest().toEpochMilli());
            }
        }
    }

    /** The verdicts since a moment, in milliseconds since the epoch, in their order. */
    List<TimedVerdict> verdictsSince(long startMs) {
        return verdicts.stream()
                .filter(judged -> judged.atMs() >= startMs)
                .map(judged -> TimedVerdict.of(judged.update(), (judged.atMs() - startMs) / 1e3))
                .toList();
    }

    /** Whether every announced checkpoint has its verdict. */
    boolean allJudged() {
        return verdicts.size() >= announced.size();
    }

    /** When the newest example in a promoted model was produced, in milliseconds since the epoch; -1 if there is no model. */
    long newestPromotedMillis() {
        return newestPromoted.get();
    }
}
