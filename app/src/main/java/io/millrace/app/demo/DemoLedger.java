package io.millrace.app.demo;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The events of the feed so far, by the checkpoint's id: steps may repeat, because a mini-batch that is quarantined, or undone, makes no
 * step, but may still end in a checkpoint.
 */
final class DemoLedger implements EventFeed.Listener {

    /** In the order in which they were announced. */
    private final Map<String, CheckpointAnnouncement> announcements = new LinkedHashMap<>();

    private final Map<String, CheckpointEvaluation> evaluated = new LinkedHashMap<>();
    private final Set<String> judged = new HashSet<>();
    private @Nullable CheckpointAnnouncement newest;
    private @Nullable ModelUpdate lastPromoted;

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        announcements.put(announcement.checkpoint().id(), announcement);
        newest = announcement;
    }

    @Override
    public void evaluation(CheckpointEvaluation evaluation) {
        evaluated.put(evaluation.checkpoint().id(), evaluation);
    }

    @Override
    public void drift(DriftEvent event) {
        // Drift is printed at once and is in no table.
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        if (update.request() == null) {
            judged.add(update.model().checkpoint().id());
        }
        if (update.model().location() != null) {
            lastPromoted = update;
        }
    }

    /** The announced checkpoints, oldest first. */
    Collection<CheckpointAnnouncement> checkpoints() {
        return Collections.unmodifiableCollection(announcements.values());
    }

    /** Steps done up to the newest checkpoint. */
    long steps() {
        return newest == null ? 0 : newest.checkpoint().step();
    }

    /** First offset of {@code accepted-examples} that is in no checkpoint yet. */
    long nextOffset() {
        return newest == null ? 0 : newest.offsets().next();
    }

    /** The scores of the evaluated checkpoints, oldest first. */
    Collection<List<ProbeScore>> evaluations() {
        return evaluated.values().stream()
                .sorted(Comparator.comparingLong(
                        evaluation -> evaluation.checkpoint().step()))
                .map(CheckpointEvaluation::scores)
                .toList();
    }

    /** The newest published model. */
    Optional<ModelUpdate> lastPublished() {
        return Optional.ofNullable(lastPromoted);
    }

    /** How many examples the checkpoints up to {@code step} were trained on. */
    long examplesThrough(long step) {
        return announcements.values().stream()
                .filter(announcement -> announcement.checkpoint().step() <= step)
                .mapToLong(CheckpointAnnouncement::examples)
                .sum();
    }

    /** Whether the verdict on the newest checkpoint is there; true if there is no checkpoint. */
    boolean lastCheckpointJudged() {
        return newest == null || judged.contains(newest.checkpoint().id());
    }
}
